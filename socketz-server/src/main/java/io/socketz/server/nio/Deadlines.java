package io.socketz.server.nio;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The deadlines of one event loop, nearest first: a binary heap whose entries know their place in it, so that each can
 * be moved and removed. An attachment has at most one deadline. Owned by the loop.
 */
public final class Deadlines {
    private Attachment[] heap = new Attachment[64];
    private int size;

    Deadlines() {}

    /** Schedules {@code attachment.onDeadline} for {@code due}; this replaces an earlier schedule. */
    public void schedule(Attachment attachment, long due) {
        if (attachment.place < 0) {
            if (size == heap.length) {
                heap = Arrays.copyOf(heap, 2 * size);
            }
            attachment.place = size++;
        }
        attachment.due = due;
        siftDown(siftUp(attachment));
    }

    /** Schedules {@code attachment.onDeadline} for {@code due}, unless it is scheduled for an earlier time already. */
    public void scheduleBy(Attachment attachment, long due) {
        if (attachment.place < 0 || due - attachment.due < 0) {
            schedule(attachment, due);
        }
    }

    /** Removes the deadline of {@code attachment}, if it has one. */
    public void cancel(Attachment attachment) {
        int place = attachment.place;
        if (place < 0) {
            return;
        }
        attachment.place = -1;
        Attachment last = heap[--size];
        heap[size] = null;
        if (last != attachment) {
            last.place = place;
            siftDown(siftUp(last));
        }
    }

    /** Removes and returns the attachment with the nearest deadline, if that has come; null if not. */
    @Nullable
    Attachment pollDue(long now) {
        if (size == 0 || heap[0].due - now > 0) {
            return null;
        }
        Attachment first = heap[0];
        cancel(first);
        return first;
    }

    /** Nanoseconds until the next deadline, 0 if it has passed, or -1 if there is none. */
    long untilNext(long now) {
        return size == 0 ? -1 : Math.max(0, heap[0].due - now);
    }

    private Attachment siftUp(Attachment attachment) {
        int place = attachment.place;
        while (place > 0) {
            int parent = (place - 1) / 2;
            if (heap[parent].due - attachment.due <= 0) {
                break;
            }
            put(heap[parent], place);
            place = parent;
        }
        put(attachment, place);
        return attachment;
    }

    private void siftDown(Attachment attachment) {
        int place = attachment.place;
        while (2 * place + 1 < size) {
            int child = 2 * place + 1;
            if (child + 1 < size && heap[child + 1].due - heap[child].due < 0) {
                child++;
            }
            if (attachment.due - heap[child].due <= 0) {
                break;
            }
            put(heap[child], place);
            place = child;
        }
        put(attachment, place);
    }

    private void put(Attachment attachment, int place) {
        heap[place] = attachment;
        attachment.place = place;
    }
}
