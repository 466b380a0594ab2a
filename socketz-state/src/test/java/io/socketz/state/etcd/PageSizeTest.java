package io.socketz.state.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.KeyValue;
import io.socketz.state.etcd.transport.RangePage;
import java.util.Collections;
import org.junit.jupiter.api.Test;

final class PageSizeTest {
    private static final long SLOW = 1_000_000_000;

    private final PageSize size = new PageSize(PageSize.MOST);

    private static RangePage page(int count, boolean cut) {
        KeyValue entry = new KeyValue("a", new byte[0], 0, 1);
        return new RangePage(Collections.nCopies(count, entry), true, cut, 1);
    }

    @Test
    void aCutPageSaysHowManyKeysFit() {
        size.onPage(0, page(300, true));
        assertThat(size.keys()).isEqualTo(300);

        size.onPage(SLOW, page(300, false));
        assertThat(size.keys()).isEqualTo(300);
        size.onPage(0, page(300, false));
        assertThat(size.keys()).isEqualTo(600);
    }

    @Test
    void noMoreLargeValuesAreRequestedThanFit() {
        size.onPage(0, page(2, true));

        assertThat(size.keys()).isEqualTo(2);
        assertThat(size.onFailure(EtcdFailure.Kind.TIMEOUT)).isFalse(); // its size is not the reason
        assertThat(size.keys()).isEqualTo(2);
    }
}
