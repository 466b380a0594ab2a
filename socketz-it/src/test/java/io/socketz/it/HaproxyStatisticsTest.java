package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HaproxyStatisticsTest {
    private static final String TEXT = """
            HTTP/1.0 200 OK
            content-type: text/plain

            # pxname,svname,qcur,qmax,scur,
            clients,FRONTEND,,,3,
            servers,server01,0,0,2,
            servers,BACKEND,0,0,2,
            """;

    @Test
    void findsRowsByTheirNamesAndValuesByTheirColumns() {
        HaproxyStatistics statistics = HaproxyStatistics.parse(TEXT);
        assertThat(statistics.rows()).hasSize(3);
        assertThat(statistics.row("servers", "server01"))
                .containsEntry("scur", "2")
                .containsEntry("qcur", "0");
        assertThat(statistics.row("clients", "FRONTEND"))
                .containsEntry("scur", "3")
                .containsEntry("qcur", "");
    }

    @Test
    void isEmptyForUnknownRows() {
        assertThat(HaproxyStatistics.parse(TEXT).row("clients", "server01")).isEmpty();
        assertThat(HaproxyStatistics.parse("").rows()).isEmpty();
        assertThat(HaproxyStatistics.parse("HTTP/1.0 401 Unauthorized\r\n\r\n").rows())
                .isEmpty();
    }
}
