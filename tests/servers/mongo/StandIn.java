import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.ArrayFilters;
import de.bwaldvogel.mongo.backend.CollectionOptions;
import de.bwaldvogel.mongo.backend.CursorRegistry;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.backend.QueryResult;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.backend.h2.H2Collection;
import de.bwaldvogel.mongo.backend.h2.H2Database;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.oplog.Oplog;
import de.bwaldvogel.mongo.wire.message.MongoMessage;
import java.io.File;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreTool;

/** Stands in for MongoDB where there is none: `java StandIn FILE PORT`. What it lacks is listed in docs/servers.md. */
public final class StandIn {
    /** Bytes from which on a file may be worth writing anew. */
    private static final long LARGE = 1L << 30;
    private static final Set<String> READS = Set.of("find", "aggregate", "count", "distinct", "getMore", "hello",
        "isMaster", "ismaster", "ping", "buildInfo", "endSessions", "killCursors", "listCollections", "listIndexes");

    /** The wire version of MongoDB 5.0: the Rust driver refuses those that the library states of itself. */
    private record Version(List<Integer> getVersionArray, int getWireVersion) implements MongoVersion { }

    /** Every write is in the file before it is acknowledged, so that it survives when this process is killed; one commit for all that wait. */
    private static final class Durable extends H2Backend {
        private final AtomicLong written = new AtomicLong();
        private final Object committing = new Object();
        private long committed;

        Durable(MVStore store) {
            super(store);
        }

        @Override
        protected MongoDatabase openOrCreateDatabase(String name) {
            return new Own(name, getCursorRegistry());
        }

        @Override
        public Document handleMessage(MongoMessage message) {
            Document reply = super.handleMessage(message);
            if (!READS.contains(message.getDocument().keySet().iterator().next())) {
                commitUpTo(written.incrementAndGet());
            }
            return reply;
        }

        private void commitUpTo(long own) {
            synchronized (committing) {
                if (committed < own) {
                    long all = written.get();
                    commit();
                    committed = all;
                }
            }
        }

        /** A database whose queries by `_id` and more go by its index, and whose updates write copies. */
        private final class Own extends H2Database {
            Own(String name, CursorRegistry cursors) {
                super(name, getMvStore(), cursors);
            }

            @Override
            protected Index<Object> openOrCreateUniqueIndex(String collection, String name, List<IndexKey> keys, boolean isSparse) {
                Index<Object> index = super.openOrCreateUniqueIndex(collection, name, keys, isSparse);
                boolean isOfIds = keys.size() == 1 && keys.get(0).getKey().equals("_id");
                return isOfIds ? new ById(index, name, keys) : index;
            }

            // Called while the library's constructor runs: nothing of this class but the enclosing backend is there yet.
            @Override
            protected MongoCollection<Object> openOrCreateCollection(String name, CollectionOptions options) {
                String whole = getDatabaseName() + "." + name;
                MVMap<Object, Document> documents = getMvStore().openMap("databases." + whole);
                return new Copying(this, name, options, documents, getMvStore().openMap("meta." + whole), cursorRegistry);
            }
        }
    }

    /**
     * A collection whose updates write copies: the library changes the stored document itself, field by field, while it is sent to
     * others or written to the file.
     */
    private static final class Copying extends H2Collection {
        private boolean isChanging;

        Copying(MongoDatabase database, String name, CollectionOptions options, MVMap<Object, Document> documents,
                MVMap<String, Object> meta, CursorRegistry cursors) {
            super(database, name, options, documents, meta, cursors);
        }

        @Override
        public synchronized Document updateDocuments(Document selector, Document update, ArrayFilters filters, boolean isMulti,
                                                     boolean isUpsert, Oplog oplog) {
            isChanging = true;
            try {
                return super.updateDocuments(selector, update, filters, isMulti, isUpsert, oplog);
            } finally {
                isChanging = false;
            }
        }

        @Override
        public synchronized Document findAndModify(Document query) {
            isChanging = true;
            try {
                return super.findAndModify(query);
            } finally {
                isChanging = false;
            }
        }

        @Override
        protected QueryResult queryDocuments(Document query, Document order, int skipped, int limit, int batch, Document fields) {
            QueryResult found = super.queryDocuments(query, order, skipped, limit, batch, fields);
            if (!isChanging) {
                return found;
            }
            return new QueryResult(found.collectDocuments().stream().map(Document::cloneDeeply).toList(), found.getCursorId());
        }
    }

    /** The index of `_id` for every query that names one: as it is, it serves those alone that name nothing else; others read all documents. */
    private static final class ById extends Index<Object> {
        private final Index<Object> whole;

        ById(Index<Object> whole, String name, List<IndexKey> keys) {
            super(name, keys, false);
            this.whole = whole;
        }

        private static Document idOf(Document query) {
            return new Document("_id", query.get("_id"));
        }

        @Override
        public boolean canHandle(Document query) {
            return query.containsKey("_id") && whole.canHandle(idOf(query));
        }

        @Override
        public Iterable<Object> getPositions(Document query) {
            return whole.getPositions(idOf(query));
        }

        @Override
        public Object getPosition(Document document) {
            return whole.getPosition(document);
        }

        @Override
        public void checkAdd(Document document, MongoCollection<Object> collection) {
            whole.checkAdd(document, collection);
        }

        @Override
        public void add(Document document, Object position, MongoCollection<Object> collection) {
            whole.add(document, position, collection);
        }

        @Override
        public Object remove(Document document) {
            return whole.remove(document);
        }

        @Override
        public void checkUpdate(Document before, Document after, MongoCollection<Object> collection) {
            whole.checkUpdate(before, after, collection);
        }

        @Override
        public void updateInPlace(Document before, Document after, Object position, MongoCollection<Object> collection) {
            whole.updateInPlace(before, after, position, collection);
        }

        @Override
        public long getCount() {
            return whole.getCount();
        }

        @Override
        public long getDataSize() {
            return whole.getDataSize();
        }

        @Override
        public boolean isUnique() {
            return true;
        }

        @Override
        public void drop() {
            whole.drop();
        }
    }

    /** A file of which most is left behind by updates is written anew: each commit looks for its place past all holes of the file. */
    private static void compact(String file) {
        MVStoreTool.compactCleanUp(file);
        if (new File(file).length() < LARGE) {
            return;
        }
        int used;
        try (MVStore store = new MVStore.Builder().fileName(file).readOnly().open()) {
            used = store.getFileStore().getChunksFillRate();
        }
        if (used < 50) {
            MVStoreTool.compact(file, false);
        }
    }

    public static void main(String[] arguments) {
        compact(arguments[0]);
        // Nothing beside the commits: rewriting the file in the background held every request for up to a second. Small pages: a commit
        // writes each whole that has changed.
        MVStore store = new MVStore.Builder().fileName(arguments[0]).autoCommitDisabled().autoCompactFillRate(0)
            .pageSplitSize(4096).cacheSize(512).open();
        MongoServer server = new MongoServer(new Durable(store).version(new Version(List.of(5, 0, 0), 13)));
        server.bind("127.0.0.1", Integer.parseInt(arguments[1]));
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdownNow));
    }
}
