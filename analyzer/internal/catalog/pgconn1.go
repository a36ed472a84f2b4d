package catalog

const (
	pgconn1Conn   = "*github.com/jackc/pgconn.PgConn"
	pgconn1Multi  = "*github.com/jackc/pgconn.MultiResultReader"
	pgconn1Reader = "*github.com/jackc/pgconn.ResultReader"
	pgx4Tag       = "github.com/jackc/pgconn.CommandTag"
)

// pgconn1 is the protocol layer under pgx v4.
var pgconn1 = Library{Path: "github.com/jackc/pgconn", Doc: "https://pkg.go.dev/github.com/jackc/pgconn", Family: pgxpool4.Path, Rows: []Row{
	{Func: "Connect", Kind: Acquire, Resource: Conn, Type: pgconn1Conn, DSN: 2, Holds: Server, Freed: pgconnFreed, NothingOnErr: true},
	{Func: "ConnectConfig", Kind: Acquire, Resource: Conn, Type: pgconn1Conn, Holds: Server, Freed: pgconnFreed, NothingOnErr: true},
	{Func: "ConnectWithOptions", Kind: Acquire, Resource: Conn, Type: pgconn1Conn, DSN: 2, Holds: Server, Freed: pgconnFreed, NothingOnErr: true},
	{Func: "ParseConfig", Resource: "config", DSN: 1},
	{Func: "Construct", Kind: Acquire, Resource: Conn, Type: pgconn1Conn, Holds: Server, Freed: pgconnFreed, NothingOnErr: true},

	{Recv: "*PgConn", Func: "Close", Kind: Release, Resource: Conn, Holds: Server},
	{Recv: "*PgConn", Func: "Hijack", Kind: Acquire, Resource: "netconn", Type: "*github.com/jackc/pgconn.HijackedConn", Holds: Server, NothingOnErr: true, FreesReceiver: true,
		Note: "close its field Conn"},
	{Recv: "*PgConn", Func: "Exec", Kind: Acquire, Resource: Reader, Type: pgconn1Multi, Holds: Parent, Freed: multiFreed},
	{Recv: "*PgConn", Func: "ExecBatch", Kind: Acquire, Resource: Reader, Type: pgconn1Multi, Holds: Parent, Freed: multiFreed},
	{Recv: "*PgConn", Func: "ReceiveResults", Kind: Acquire, Resource: Reader, Type: pgconn1Multi, Holds: Parent, Freed: multiFreed},
	{Recv: "*PgConn", Func: "ExecParams", Kind: Acquire, Resource: Reader, Type: pgconn1Reader, Holds: Parent, Freed: readerFreed},
	{Recv: "*PgConn", Func: "ExecPrepared", Kind: Acquire, Resource: Reader, Type: pgconn1Reader, Holds: Parent, Freed: readerFreed},
	{Recv: "*PgConn", Func: "CopyTo", Resource: Conn, Holds: Parent},
	{Recv: "*PgConn", Func: "CopyFrom", Resource: Conn, Holds: Parent},
	{Recv: "*PgConn", Func: "Prepare", Resource: Stmt, Holds: Parent},
	{Recv: "*PgConn", Func: "WaitForNotification", Resource: Conn, Holds: Parent},
	{Recv: "*PgConn", Func: "CancelRequest", Resource: Conn, Holds: Server, Note: "opens and closes one extra server connection"},

	{Recv: "*MultiResultReader", Func: "Close", Kind: Release, Resource: Reader, Holds: Parent},
	{Recv: "*MultiResultReader", Func: "ReadAll", Kind: Release, Resource: Reader, Holds: Parent},
	{Recv: "*MultiResultReader", Func: "NextResult", Resource: Reader, Note: "false frees the conn only if there was no error"},
	{Recv: "*MultiResultReader", Func: "ResultReader", Resource: Reader},

	{Recv: "*ResultReader", Func: "Close", Kind: Release, Resource: Reader, Holds: Parent},
	{Recv: "*ResultReader", Func: "Read", Kind: Release, Resource: Reader, Holds: Parent},
	{Recv: "*ResultReader", Func: "NextRow", Resource: Reader, Note: "false does not free the conn"},
}}
