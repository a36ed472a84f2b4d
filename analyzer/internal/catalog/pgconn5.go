package catalog

const (
	pgconnConn     = "*github.com/jackc/pgx/v5/pgconn.PgConn"
	pgconnMulti    = "*github.com/jackc/pgx/v5/pgconn.MultiResultReader"
	pgconnReader   = "*github.com/jackc/pgx/v5/pgconn.ResultReader"
	pgconnPipeline = "*github.com/jackc/pgx/v5/pgconn.Pipeline"
	pgxTag         = "github.com/jackc/pgx/v5/pgconn.CommandTag"
)

// pgconn5 is the protocol layer of pgx v5: connections outside every pool, and results that keep one busy until read.
var pgconn5 = Library{Path: "github.com/jackc/pgx/v5/pgconn", Doc: "https://pkg.go.dev/github.com/jackc/pgx/v5/pgconn", Family: pgxpool5.Path, Rows: []Row{
	{Func: "Connect", Kind: Acquire, Resource: Conn, Type: pgconnConn, DSN: 2, Holds: Server, Freed: pgconnFreed, NothingOnErr: true, Measured: true},
	{Func: "ConnectConfig", Kind: Acquire, Resource: Conn, Type: pgconnConn, Holds: Server, Freed: pgconnFreed, NothingOnErr: true, Measured: true},
	{Func: "ConnectWithOptions", Kind: Acquire, Resource: Conn, Type: pgconnConn, DSN: 2, Holds: Server, Freed: pgconnFreed, NothingOnErr: true, Measured: true},
	{Func: "ParseConfig", Resource: "config", DSN: 1, Measured: true},
	{Func: "ParseConfigWithOptions", Resource: "config", DSN: 1, Measured: true},
	{Func: "Construct", Kind: Acquire, Resource: Conn, Type: pgconnConn, Holds: Server, Freed: pgconnFreed, NothingOnErr: true, Measured: true},

	{Recv: "*PgConn", Func: "Close", Kind: Release, Resource: Conn, Holds: Server, Measured: true},
	{Recv: "*PgConn", Func: "Hijack", Kind: Acquire, Resource: "netconn", Type: "*github.com/jackc/pgx/v5/pgconn.HijackedConn", Holds: Server, NothingOnErr: true, FreesReceiver: true, Measured: true,
		Note: "close its field Conn"},
	{Recv: "*PgConn", Func: "Exec", Kind: Acquire, Resource: Reader, Type: pgconnMulti, Holds: Parent, Freed: multiFreed, Measured: true},
	{Recv: "*PgConn", Func: "ExecBatch", Kind: Acquire, Resource: Reader, Type: pgconnMulti, Holds: Parent, Freed: multiFreed, Measured: true},
	{Recv: "*PgConn", Func: "ExecParams", Kind: Acquire, Resource: Reader, Type: pgconnReader, Holds: Parent, Freed: readerFreed, Measured: true},
	{Recv: "*PgConn", Func: "ExecPrepared", Kind: Acquire, Resource: Reader, Type: pgconnReader, Holds: Parent, Freed: readerFreed, Measured: true},
	{Recv: "*PgConn", Func: "ExecStatement", Kind: Acquire, Resource: Reader, Type: pgconnReader, Holds: Parent, Freed: readerFreed, Measured: true},
	{Recv: "*PgConn", Func: "StartPipeline", Kind: Acquire, Resource: Pipeline, Type: pgconnPipeline, Holds: Parent, Freed: closed, Measured: true},
	{Recv: "*PgConn", Func: "CopyTo", Resource: Conn, Holds: Parent, Measured: true},
	{Recv: "*PgConn", Func: "CopyFrom", Resource: Conn, Holds: Parent, Measured: true},
	{Recv: "*PgConn", Func: "Prepare", Resource: Stmt, Holds: Parent, Measured: true},
	{Recv: "*PgConn", Func: "Deallocate", Resource: Stmt, Holds: Parent, Measured: true},
	{Recv: "*PgConn", Func: "Ping", Resource: Conn, Holds: Parent, Measured: true},
	{Recv: "*PgConn", Func: "WaitForNotification", Resource: Conn, Holds: Parent, Measured: true},
	{Recv: "*PgConn", Func: "CancelRequest", Resource: Conn, Holds: Server, Measured: true, Note: "opens and closes one extra server connection"},

	{Recv: "*MultiResultReader", Func: "Close", Kind: Release, Resource: Reader, Holds: Parent, Measured: true},
	{Recv: "*MultiResultReader", Func: "ReadAll", Kind: Release, Resource: Reader, Holds: Parent, Measured: true},
	{Recv: "*MultiResultReader", Func: "NextResult", Resource: Reader, Measured: true, Note: "false frees the conn only if there was no error"},
	{Recv: "*MultiResultReader", Func: "ResultReader", Resource: Reader, Measured: true},

	{Recv: "*ResultReader", Func: "Close", Kind: Release, Resource: Reader, Holds: Parent, Measured: true},
	{Recv: "*ResultReader", Func: "Read", Kind: Release, Resource: Reader, Holds: Parent, Measured: true},
	{Recv: "*ResultReader", Func: "NextRow", Resource: Reader, Measured: true, Note: "false does not free the conn (unlike pgx.Rows.Next)"},

	{Recv: "*Pipeline", Func: "Close", Kind: Release, Resource: Pipeline, Holds: Parent, Measured: true},
}}
