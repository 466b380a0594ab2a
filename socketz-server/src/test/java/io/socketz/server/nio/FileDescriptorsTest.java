package io.socketz.server.nio;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FileDescriptorsTest {
    @Test
    void theSoftLimitIsParsedAsLinuxWritesIt() {
        String limits = """
                Limit                     Soft Limit           Hard Limit           Units
                Max processes             95991                95991                processes
                Max open files            20000                30000                files
                """;
        assertThat(FileDescriptors.parse(limits)).isEqualTo(20_000);
        assertThat(FileDescriptors.parse(limits.replace("20000", "unlimited"))).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void thisMachineHasDescriptorsForClients() {
        assertThat(FileDescriptors.left().clients()).isPositive();
        assertThat(FileDescriptors.left().reserve()).isPositive();
    }

    @Test
    void descriptorsAreDividedBetweenClientsTheReserveAndTheProcess() {
        assertThat(FileDescriptors.of(200, 50)).isEqualTo(new FileDescriptors(94, 6));
        assertThat(FileDescriptors.of(1_024, 64)).isEqualTo(new FileDescriptors(780, 52));
        assertThat(FileDescriptors.of(20_000, 100)).isEqualTo(new FileDescriptors(18_748, 1_024));
        assertThat(FileDescriptors.of(Integer.MAX_VALUE, 100)).isEqualTo(new FileDescriptors(2_147_482_395, 1_024));
        assertThat(FileDescriptors.of(40, 50)).isEqualTo(new FileDescriptors(1, 1));
    }
}
