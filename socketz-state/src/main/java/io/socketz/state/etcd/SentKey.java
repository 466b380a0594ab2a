package io.socketz.state.etcd;

import io.socketz.state.etcd.Announcements.Announcement;
import org.jspecify.annotations.Nullable;

/**
 * A client key on its way to etcd, and what is done to it. Owned by {@link OwnClients}.
 *
 * @param change the first change of the client that this writes; 0 for none
 * @param announcement who waited for it when it was sent; null if nobody did
 */
record SentKey(
        OwnClient own,
        boolean delete,
        long change,
        @Nullable Announcement announcement) {
    static SentKey of(OwnClient own, boolean delete) {
        long change = own.unsentChange;
        own.unsentChange = 0;
        return new SentKey(own, delete, change, delete ? null : own.announcement);
    }

    /** It has to be sent again. */
    void takeBack() {
        own.unsentChange = change == 0 ? own.unsentChange : change;
    }

    void announce() {
        if (announcement != null) {
            announcement.tell();
        }
        if (own.announcement == announcement) { // otherwise somebody waits for what has changed since
            own.announcement = null;
        }
    }
}
