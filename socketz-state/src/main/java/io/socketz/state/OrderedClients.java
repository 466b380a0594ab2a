package io.socketz.state;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.RandomAccess;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Clients in an order that does not depend on their names: cheap to change and cheap to copy, however many there are.
 *
 * <p>They are stored in blocks. A copy shares all blocks; a shared block is copied once, when it changes. So with n clients
 * a change costs O(log n) and the copying of one block, and a copy of all costs n / {@value #BLOCK}.
 *
 * <p>Not thread-safe; the copies are, since they never change.
 */
public final class OrderedClients implements Iterable<Client> {
    private static final int BLOCK = 512;

    private final Comparator<Client> order;

    /** The first {@link #used} hold blocks, in order, none empty. In a block, null follows the clients. */
    private Client[][] blocks = new Client[4][];

    /** How many clients are in each block. */
    private int[] sizes = new int[4];

    /** Whether a copy shares the block. */
    private boolean[] shared = new boolean[4];

    private int used;
    private int size;

    /** The last copy, as long as it is right. */
    private @Nullable List<Client> copy;

    /** @param order those that are equal in it are taken for the same client */
    public OrderedClients(Comparator<Client> order) {
        this.order = order;
    }

    /** How many clients there are. */
    public int size() {
        return size;
    }

    /**
     * Adds a client, if it is not there yet.
     *
     * @return whether it was not there yet
     */
    public boolean add(Client client) {
        if (used == 0) {
            insertBlock(0, new Client[BLOCK], 0);
        }
        int block = blockOf(client);
        int at = indexIn(block, client);
        if (at >= 0) {
            return false;
        }
        insert(block, -at - 1, client);
        return true;
    }

    /**
     * Adds a client, or puts it into the place of the same client, for example one with another name. If the two are equal,
     * nothing changes, not even the object.
     *
     * @return the client that was there; null if there was none
     */
    public @Nullable Client put(Client client) {
        if (used == 0) {
            insertBlock(0, new Client[BLOCK], 0);
        }
        int block = blockOf(client);
        int at = indexIn(block, client);
        if (at < 0) {
            insert(block, -at - 1, client);
            return null;
        }
        Client before = blocks[block][at];
        if (!before.equals(client)) {
            own(block)[at] = client;
            copy = null;
        }
        return before;
    }

    /** The same client as {@code like}; null if it is not there. */
    public @Nullable Client find(Client like) {
        if (used == 0) {
            return null;
        }
        int block = blockOf(like);
        int at = indexIn(block, like);
        return at < 0 ? null : blocks[block][at];
    }

    private void insert(int in, int index, Client client) {
        int block = in;
        int at = index;
        if (sizes[block] == BLOCK) {
            if (block == used - 1 && at == BLOCK) { // the usual way to grow: leaves no half-empty blocks behind
                block++;
                at = 0;
                insertBlock(block, new Client[BLOCK], 0);
            } else {
                split(block);
                if (at > BLOCK / 2) {
                    block++;
                    at -= BLOCK / 2;
                }
            }
        }
        Client[] own = own(block);
        System.arraycopy(own, at, own, at + 1, sizes[block] - at);
        own[at] = client;
        sizes[block]++;
        size++;
        copy = null;
    }

    /** Adds clients, in any order. Those that are there already stay as they are. */
    public void addAll(Collection<Client> clients) {
        if (clients.isEmpty() || clients.size() < size / 4) {
            clients.forEach(this::add);
            return;
        }
        Client[] all = Arrays.copyOf(toArray(), size + clients.size());
        int end = size;
        for (Client client : clients) {
            all[end++] = client;
        }
        Arrays.sort(all, order); // a stable merge sort, fast on ordered runs
        fill(all, end);
    }

    /**
     * Removes a client.
     *
     * @return the client that was there; null if there was none
     */
    public @Nullable Client remove(Client client) {
        if (used == 0) {
            return null;
        }
        int block = blockOf(client);
        int at = indexIn(block, client);
        if (at < 0) {
            return null;
        }
        Client removed = blocks[block][at];
        size--;
        copy = null;
        if (sizes[block] == 1) {
            removeBlock(block);
            return removed;
        }
        Client[] own = own(block);
        sizes[block]--;
        System.arraycopy(own, at + 1, own, at, sizes[block] - at);
        own[sizes[block]] = null;
        if (sizes[block] <= BLOCK / 4) {
            merge(block - 1);
            merge(block);
        }
        return removed;
    }

    /** Merges a block with the next one, if that leaves room: otherwise a few clients could keep many blocks alive. */
    private void merge(int block) {
        if (block < 0 || block + 1 >= used || sizes[block] + sizes[block + 1] > BLOCK / 2) {
            return;
        }
        System.arraycopy(blocks[block + 1], 0, own(block), sizes[block], sizes[block + 1]);
        sizes[block] += sizes[block + 1];
        removeBlock(block + 1);
    }

    /** Removes every client that {@code gone} says is gone. */
    public void removeIf(Predicate<Client> gone) {
        Client[] all = toArray();
        int left = 0;
        for (Client client : all) {
            if (!gone.test(client)) {
                all[left++] = client;
            }
        }
        if (left < all.length) {
            fill(all, left);
        }
    }

    /**
     * All clients as they are now: unmodifiable, with random access, not affected by later changes. The same object as the
     * last time if nothing has changed.
     */
    public List<Client> copy() {
        if (copy == null) {
            copy = size == 0 ? List.of() : makeCopy();
        }
        return copy;
    }

    private List<Client> makeCopy() {
        Arrays.fill(shared, 0, used, true);
        int[] ends = new int[used];
        int end = 0;
        for (int i = 0; i < used; i++) {
            end += sizes[i];
            ends[i] = end;
        }
        return new Copy(Arrays.copyOf(blocks, used), ends);
    }

    /** Goes through the clients in order. Must not be used any more once something has changed. */
    @Override
    public Iterator<Client> iterator() {
        return new Iterator<>() {
            private int block;
            private int at;

            @Override
            public boolean hasNext() {
                return block < used;
            }

            @Override
            public Client next() {
                if (block >= used) {
                    throw new NoSuchElementException();
                }
                Client client = blocks[block][at];
                if (++at == sizes[block]) {
                    block++;
                    at = 0;
                }
                return client;
            }
        };
    }

    private Client[] toArray() {
        Client[] all = new Client[size];
        int at = 0;
        for (int i = 0; i < used; i++) {
            System.arraycopy(blocks[i], 0, all, at, sizes[i]);
            at += sizes[i];
        }
        return all;
    }

    /** Replaces everything by the first {@code count} of {@code ordered}, each client once. */
    private void fill(Client[] ordered, int count) {
        int blocksNeeded = (count + BLOCK - 1) / BLOCK;
        blocks = new Client[Math.max(4, blocksNeeded)][];
        sizes = new int[blocks.length];
        shared = new boolean[blocks.length];
        used = 0;
        size = 0;
        copy = null;
        Client last = null;
        for (int i = 0; i < count; i++) {
            if (last != null && order.compare(last, ordered[i]) == 0) {
                continue;
            }
            last = ordered[i];
            if (used == 0 || sizes[used - 1] == BLOCK) {
                insertBlock(used, new Client[BLOCK], 0);
            }
            blocks[used - 1][sizes[used - 1]++] = last;
            size++;
        }
    }

    /** The block that {@code client} is in, or belongs in. */
    private int blockOf(Client client) {
        int low = 0;
        int high = used - 1;
        if (high > 0 && order.compare(blocks[high][0], client) <= 0) {
            return high; // as for those who join
        }
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (order.compare(blocks[middle][0], client) <= 0) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    private int indexIn(int block, Client client) {
        int count = sizes[block];
        if (count > 0 && order.compare(blocks[block][count - 1], client) < 0) {
            return -count - 1; // as for those who join
        }
        return Arrays.binarySearch(blocks[block], 0, sizes[block], client, order);
    }

    /** The block, copied first if a copy shares it. */
    private Client[] own(int block) {
        if (shared[block]) {
            blocks[block] = blocks[block].clone();
            shared[block] = false;
        }
        return blocks[block];
    }

    private void split(int block) {
        Client[] second = new Client[BLOCK];
        System.arraycopy(blocks[block], BLOCK / 2, second, 0, BLOCK / 2);
        Client[] first = own(block);
        Arrays.fill(first, BLOCK / 2, BLOCK, null);
        sizes[block] = BLOCK / 2;
        insertBlock(block + 1, second, BLOCK / 2);
    }

    private void insertBlock(int index, Client[] block, int clients) {
        if (used == blocks.length) {
            blocks = Arrays.copyOf(blocks, 2 * used);
            sizes = Arrays.copyOf(sizes, 2 * used);
            shared = Arrays.copyOf(shared, 2 * used);
        }
        System.arraycopy(blocks, index, blocks, index + 1, used - index);
        System.arraycopy(sizes, index, sizes, index + 1, used - index);
        System.arraycopy(shared, index, shared, index + 1, used - index);
        blocks[index] = block;
        sizes[index] = clients;
        shared[index] = false;
        used++;
    }

    private void removeBlock(int index) {
        used--;
        System.arraycopy(blocks, index + 1, blocks, index, used - index);
        System.arraycopy(sizes, index + 1, sizes, index, used - index);
        System.arraycopy(shared, index + 1, shared, index, used - index);
        blocks[used] = null;
    }

    /** Shares its blocks with the original and with other copies. */
    private static final class Copy extends AbstractList<Client> implements RandomAccess {
        private final Client[][] blocks;

        /** For each block, the index after that of its last client. */
        private final int[] ends;

        Copy(Client[][] blocks, int[] ends) {
            this.blocks = blocks;
            this.ends = ends;
        }

        @Override
        public Client get(int index) {
            if (index < 0 || index >= size()) {
                throw new IndexOutOfBoundsException(index);
            }
            int block = Arrays.binarySearch(ends, index + 1);
            block = block < 0 ? -block - 1 : block;
            return blocks[block][index - (block == 0 ? 0 : ends[block - 1])];
        }

        @Override
        public int size() {
            return ends[ends.length - 1];
        }
    }
}
