package io.socketz.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.server.event.CloseReason;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private final InetAddress one = address(1);
    private final InetAddress other = address(2);

    private static InetAddress address(int last) {
        try {
            return InetAddress.getByAddress(new byte[] {(byte) 203, 0, 113, (byte) last});
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aClientKeepsItsPlaceUntilItsSocketIsClosed() {
        Admission admission = new Admission(1, 1, 0);
        assertThat(admission.admit(one)).isNull();
        assertThat(admission.admit(other)).isEqualTo(new Ending(CloseReason.TOO_MANY_CONNECTIONS, "max 1"));
        admission.release(one);
        assertThat(admission.admit(other)).isNull();
        assertThat(admission.clients()).isEqualTo(1);
    }

    @Test
    void aClientRefusedForItsAddressTakesNoPlace() {
        Admission admission = new Admission(2, 1, 1);
        assertThat(admission.admit(one)).isNull();
        Ending refusal = new Ending(CloseReason.TOO_MANY_FROM_ADDRESS, "max 1 connections from one address");
        assertThat(admission.admit(one)).isEqualTo(refusal);
        assertThat(admission.admit(one)).isEqualTo(refusal);
        assertThat(admission.admit(other)).isNull();
        admission.release(one);
        assertThat(admission.admit(one)).isNull();
    }

    /** Otherwise attempts on a full server could lock out their own address. */
    @Test
    void aClientRefusedByAFullServerDoesNotCountForItsAddress() {
        Admission admission = new Admission(1, 1, 1);
        assertThat(admission.admit(one)).isNull();
        assertThat(admission.admit(other)).extracting(Ending::reason).isEqualTo(CloseReason.TOO_MANY_CONNECTIONS);
        admission.release(one);
        assertThat(admission.admit(other)).isNull();
    }

    @Test
    void thereIsRoomForMoreSocketsThanPlaces() {
        Admission admission = new Admission(2, 1, 0);
        for (int i = 0; i < 3; i++) {
            assertThat(admission.hasRoom()).isTrue();
            admission.onAccepted();
        }
        assertThat(admission.hasRoom()).isFalse();
        assertThat(admission.admit(one))
                .as("one of the sockets has sent its header")
                .isNull();
        admission.onClosed();
        assertThat(admission.hasRoom()).isTrue();
    }

    @Test
    void aShortageOfDescriptorsLimitsPlacesToThoseTaken() {
        Admission admission = new Admission(100, 1, 0);
        assertThat(admission.admit(one)).isNull();
        admission.setExhausted(true);
        assertThat(admission.admit(other)).isEqualTo(new Ending(CloseReason.TOO_MANY_CONNECTIONS, "max 1"));
        admission.setExhausted(false);
        assertThat(admission.admit(other)).isNull();
    }

    @Test
    void theLastClosedSocketIsReported() {
        Admission admission = new Admission(1, 1, 0);
        AtomicInteger told = new AtomicInteger();
        admission.onAccepted();
        admission.onEmpty(told::incrementAndGet);
        assertThat(told).hasValue(0);
        admission.onClosed();
        assertThat(told).hasValue(1);
    }
}
