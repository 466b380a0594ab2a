package io.socketz.state;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.RandomAccess;
import java.util.function.Predicate;

/**
 * Clients in {@link Client#JOIN_ORDER}: cheap to change and cheap to copy, however many there are.
 *
 * <p>They are stored in blocks. A copy shares all blocks; a shared block is copied once, when it changes. So with n clients
 * a change costs O(log n) and the copying of one block, and a copy of all costs n / {@value #BLOCK}.
 *
 * <p>Not thread-safe; the copies are, since they never change.
 */
public final class OrderedClients {
    private static final int BLOCK = 512;

    /** The first {@link #used} hold blocks, in order, none empty. In a block, null follows the clients. */
    private Client[][] blocks = new Client[4][];

    /** How many clients are in each block. */
    private int[] sizes = new int[4];

    /** Whether a copy shares the block. */
    private boolean[] shared = new boolean[4];

    private int used;
    private int size;

    /** How many clients there are. */
    public int size() {
        return size;
    }

    /**
     * Adds a client.
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
        at = -at - 1;
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
        return true;
    }

    /** Adds clients, in any order. Those that are there already stay as they are. */
    public void addAll(Collection<Client> clients) {
        if (clients.size() < size / 4) {
            clients.forEach(this::add);
            return;
        }
        Client[] all = Arrays.copyOf(toArray(), size + clients.size());
        int end = size;
        for (Client client : clients) {
            all[end++] = client;
        }
        Arrays.sort(all, Client.JOIN_ORDER); // a stable merge sort, fast on ordered runs
        fill(all, end);
    }

    /**
     * Removes a client.
     *
     * @return whether it was there
     */
    public boolean remove(Client client) {
        if (used == 0) {
            return false;
        }
        int block = blockOf(client);
        int at = indexIn(block, client);
        if (at < 0) {
            return false;
        }
        size--;
        if (sizes[block] == 1) {
            removeBlock(block);
            return true;
        }
        Client[] own = own(block);
        sizes[block]--;
        System.arraycopy(own, at + 1, own, at, sizes[block] - at);
        own[sizes[block]] = null;
        if (sizes[block] <= BLOCK / 4) {
            merge(block - 1);
            merge(block);
        }
        return true;
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

    /** All clients as they are now: unmodifiable, with random access, not affected by later changes. */
    public List<Client> copy() {
        if (size == 0) {
            return List.of();
        }
        Arrays.fill(shared, 0, used, true);
        int[] ends = new int[used];
        int end = 0;
        for (int i = 0; i < used; i++) {
            end += sizes[i];
            ends[i] = end;
        }
        return new Copy(Arrays.copyOf(blocks, used), ends);
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
        Client last = null;
        for (int i = 0; i < count; i++) {
            if (last != null && Client.JOIN_ORDER.compare(last, ordered[i]) == 0) {
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
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (Client.JOIN_ORDER.compare(blocks[middle][0], client) <= 0) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    private int indexIn(int block, Client client) {
        return Arrays.binarySearch(blocks[block], 0, sizes[block], client, Client.JOIN_ORDER);
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
