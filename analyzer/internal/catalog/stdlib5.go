package catalog

// stdlib5 makes pgx v5 a driver of database/sql.
var stdlib5 = Library{Path: "github.com/jackc/pgx/v5/stdlib", Doc: "https://pkg.go.dev/github.com/jackc/pgx/v5/stdlib", Family: databaseSQL.Path, Rows: []Row{
	{Func: "OpenDB", Kind: Construct, Resource: Pool, Type: sqlDB, Freed: closed, Measured: true, Note: "MaxOpen 0 = unlimited"},
	{Func: "OpenDBFromPool", Kind: Construct, Resource: Pool, Type: sqlDB, Handle: 1, Freed: closed, Measured: true,
		Note: "MaxIdle set to 0; db.Close leaves the pgxpool open; pgxpool.Close blocks while sql rows/tx are open"},
	{Func: "GetConnector", Resource: "connector", Measured: true},
	{Func: "GetPoolConnector", Resource: "connector", Handle: 1, Measured: true,
		Note: "without SetMaxIdleConns(0) idle sql conns keep up to 2 pgxpool slots for ever"},
	{Func: "RegisterConnConfig", Resource: "config", Measured: true, Note: "global map entry until UnregisterConnConfig"},
	{Func: "UnregisterConnConfig", Resource: "config", Measured: true},
	{Func: "GetDefaultDriver", Resource: "driver", Measured: true},

	{Recv: "*Conn", Func: "Conn", Resource: Conn, Measured: true, Note: "only inside sql.Conn.Raw"},
}}
