package io.socketz.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FileDescriptorsTest {
    @Test
    void readsTheSoftLimitAsLinuxWritesIt() {
        String limits = """
                Limit                     Soft Limit           Hard Limit           Units
                Max processes             95991                95991                processes
                Max open files            20000                30000                files
                """;
        assertThat(FileDescriptors.parse(limits)).isEqualTo(20_000);
        assertThat(FileDescriptors.parse(limits.replace("20000", "unlimited"))).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void leavesRoomForConnectionsOnThisMachine() {
        assertThat(FileDescriptors.leftForConnections()).isPositive();
    }
}
