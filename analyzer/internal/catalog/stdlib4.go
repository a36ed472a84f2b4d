package catalog

// stdlib4 makes pgx v4 a driver of database/sql. AcquireConn and ReleaseConn are gone in v5.
var stdlib4 = Library{Path: "github.com/jackc/pgx/v4/stdlib", Doc: "https://pkg.go.dev/github.com/jackc/pgx/v4/stdlib", Family: databaseSQL.Path, Rows: []Row{
	{Func: "OpenDB", Kind: Construct, Resource: Pool, Type: sqlDB, Freed: closed, Note: "MaxOpen 0 = unlimited"},
	{Func: "AcquireConn", Kind: Acquire, Resource: Conn, Type: pgx4Conn, Handle: 1, Holds: Slot, Blocks: true, NothingOnErr: true,
		Note: "takes the slot by a transaction on context.Background(); only ReleaseConn gives it back: Close ends the server connection and keeps the slot"},
	{Func: "ReleaseConn", Kind: Consume, Resource: Conn, Arg: 1, Note: "of AcquireConn's result; closes the conn when it is busy or in a tx"},
	{Func: "GetConnector", Resource: "connector"},
	{Func: "RegisterConnConfig", Resource: "config", Note: "global map entry until UnregisterConnConfig"},
	{Func: "UnregisterConnConfig", Resource: "config"},
	{Func: "GetDefaultDriver", Resource: "driver"},

	{Recv: "*Conn", Func: "Conn", Resource: Conn, Note: "only inside sql.Conn.Raw"},
}}
