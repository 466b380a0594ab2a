package io.socketz.state;

/** Hears what changes in the whole cluster, in the order of revisions. On the registry's thread. */
public interface ChangeListener {
    /** The changes of one revision. */
    void onChanges(Changes changes);

    /** What has happened since the last changes is not known one by one: {@link ChangeFeed#state} is what is true now. */
    void onReset();
}
