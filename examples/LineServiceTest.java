import static org.junit.jupiter.api.Assertions.*;

import java.io.*;
import java.net.Socket;
import org.junit.jupiter.api.*;

/** How to test a line service: on a port that the system chooses, over a real socket, without waiting for time to pass. */
class LineServiceTest {
    private LineService service;
    private Socket socket;
    private BufferedReader replies;

    @BeforeEach
    void connect() throws Exception {
        service = new LineService(0);
        socket = new Socket("127.0.0.1", service.port());
        replies = new BufferedReader(new InputStreamReader(socket.getInputStream()));
        assertEquals("use 'WHY', 'WHO', 'WHERE', 'QUIT'", replies.readLine());
    }

    @AfterEach
    void close() throws Exception {
        socket.close();
        service.close();
    }

    private String ask(String line) throws IOException {
        socket.getOutputStream().write((line + "\n").getBytes());
        return replies.readLine();
    }

    @Test
    void divides() throws Exception {
        assertEquals("42", ask("DIVIDE 84 2"));
    }

    @Test
    void saysWhatItExpects() throws Exception {
        assertEquals("error BAD_NUMBER expected two numbers, the second one not 0", ask("DIVIDE 1 0"));
        assertTrue(ask("DIVIDE 1").startsWith("error BAD_ARGUMENT "));
        assertEquals("42", ask("WHY"));
    }
}
