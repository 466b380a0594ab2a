package io.socketz.protocol.reply;

import java.util.List;
import java.util.Optional;

/**
 * A reply whose first line says how many lines follow: {@code 3 servers at revision 1842}. A reader that does not know the
 * command still knows where it ends. The lists are not copied: a server writes a block from a list that makes each record
 * when it is asked for it.
 */
public sealed interface Block extends Reply {
    /** The first line, without its end. */
    String header();

    /** One for each line that follows. */
    List<? extends ReplyRecord> records();

    @Override
    default byte[] toBytes() {
        return BlockFormat.format(this);
    }

    @Override
    default void show(ReplyDisplay display) {
        display.block(header(), records());
    }

    /**
     * Answers {@code HELP}: {@code 7 commands}.
     *
     * @param records the commands, in the order in which help shows them
     */
    record Commands(List<CommandRecord> records) implements Block {
        @Override
        public ReplyType type() {
            return ReplyType.COMMANDS;
        }

        @Override
        public String header() {
            return records.size() + BlockFormat.COMMANDS;
        }

        @Override
        public void describe(ReplyFields fields) {
            fields.records("commands", records);
        }
    }

    /**
     * Answers {@code SERVERS}: {@code 3 servers at revision 1842}.
     *
     * @param records the servers, in the order in which they started
     * @param revision at which this was exact; 0 or more
     */
    record Servers(List<ServerRecord> records, long revision) implements Block {
        /**
         * Checks the revision.
         *
         * @throws IllegalArgumentException if it is negative
         */
        public Servers {
            FreshnessFormat.check(revision);
        }

        @Override
        public ReplyType type() {
            return ReplyType.SERVERS;
        }

        @Override
        public String header() {
            return records.size() + BlockFormat.SERVERS + BlockFormat.AT_REVISION + revision;
        }

        @Override
        public void describe(ReplyFields fields) {
            fields.records("servers", records);
            fields.number("revision", revision);
        }
    }

    /**
     * Answers {@code WHO LONG}: {@code 2 clients of 75005 at revision 1842}, and after {@code FRESH} also {@code fresh} or
     * {@code stale by 12.3 s}.
     *
     * @param records the clients that were asked for, in the order in which they joined
     * @param total how many there are in the cluster; 0 or more
     * @param revision at which this was exact; 0 or more
     * @param freshness whether the answer is at least as new as the request, at this revision; empty if that was not asked
     */
    record Clients(List<ClientRecord> records, long total, long revision, Optional<Reply.Freshness> freshness)
            implements Block {
        /**
         * Checks the numbers.
         *
         * @throws IllegalArgumentException if one is negative, or the freshness is that of another revision
         */
        public Clients {
            FreshnessFormat.check(revision);
            if (total < 0) {
                throw new IllegalArgumentException("a negative total");
            }
            if (freshness.isPresent() && freshness.get().revision() != revision) {
                throw new IllegalArgumentException("the freshness of another revision");
            }
        }

        @Override
        public ReplyType type() {
            return ReplyType.CLIENTS;
        }

        @Override
        public String header() {
            return records.size()
                    + BlockFormat.CLIENTS_OF
                    + total
                    + BlockFormat.AT_REVISION
                    + revision
                    + freshness.map(FreshnessFormat::suffix).orElse("");
        }

        @Override
        public void describe(ReplyFields fields) {
            fields.records("clients", records);
            fields.number("total", total);
            freshness.ifPresentOrElse(said -> said.describe(fields), () -> fields.number("revision", revision));
        }
    }

    /**
     * Answers {@code WHO CLOSED}: {@code 3 departures at revision 1842}.
     *
     * @param records who left, the earliest first
     * @param revision at which this was exact; 0 or more
     */
    record Departures(List<DepartureRecord> records, long revision) implements Block {
        /**
         * Checks the revision.
         *
         * @throws IllegalArgumentException if it is negative
         */
        public Departures {
            FreshnessFormat.check(revision);
        }

        @Override
        public ReplyType type() {
            return ReplyType.DEPARTURES;
        }

        @Override
        public String header() {
            return records.size() + BlockFormat.DEPARTURES + BlockFormat.AT_REVISION + revision;
        }

        @Override
        public void describe(ReplyFields fields) {
            fields.records("departures", records);
            fields.number("revision", revision);
        }
    }

    /**
     * A block without a type of its own. If it looks like another block, it is read back as that one.
     *
     * @param title what the header says after the number and its blank: it begins with a word of small letters
     * @param records the lines
     */
    record Lines(String title, List<LineRecord> records) implements Block {
        /**
         * Checks the title.
         *
         * @throws IllegalArgumentException if it does not have this form
         */
        public Lines {
            if (!BlockFormat.isTitle(title)) {
                throw new IllegalArgumentException("not the title of a block");
            }
        }

        @Override
        public ReplyType type() {
            return ReplyType.BLOCK;
        }

        @Override
        public String header() {
            return records.size() + " " + title;
        }

        @Override
        public void describe(ReplyFields fields) {
            fields.text("title", title);
            fields.texts("lines", records.stream().map(LineRecord::line).toList());
        }
    }
}
