import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.message.MongoMessage;
import java.util.List;
import java.util.Set;
import org.h2.mvstore.MVStore;

/** Stands in for MongoDB where there is none: `java StandIn FILE PORT`. What it lacks is listed in docs/servers.md. */
public final class StandIn {
    private static final Set<String> READS = Set.of("find", "aggregate", "count", "distinct", "getMore", "hello",
        "isMaster", "ismaster", "ping", "buildInfo", "endSessions", "killCursors", "listCollections", "listIndexes");

    /** The wire version of MongoDB 5.0: the Rust driver refuses those that the library states of itself. */
    private record Version(List<Integer> getVersionArray, int getWireVersion) implements MongoVersion { }

    /** Every write is in the file before it is acknowledged, so that it survives when this process is killed. */
    private static final class Durable extends H2Backend {
        Durable(MVStore store) {
            super(store);
        }

        @Override
        public Document handleMessage(MongoMessage message) {
            Document reply = super.handleMessage(message);
            if (!READS.contains(message.getDocument().keySet().iterator().next())) {
                commit();
            }
            return reply;
        }
    }

    public static void main(String[] arguments) {
        MVStore store = new MVStore.Builder().fileName(arguments[0]).open();
        MongoServer server = new MongoServer(new Durable(store).version(new Version(List.of(5, 0, 0), 13)));
        server.bind("127.0.0.1", Integer.parseInt(arguments[1]));
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdownNow));
    }
}
