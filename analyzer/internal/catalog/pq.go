package catalog

const (
	pqListener     = "*github.com/lib/pq.Listener"
	pqListenerConn = "*github.com/lib/pq.ListenerConn"
	driverConn     = "database/sql/driver.Conn"
)

// pq is a driver of database/sql. Its listeners have a server connection of their own.
var pq = Library{Path: "github.com/lib/pq", Doc: "https://pkg.go.dev/github.com/lib/pq", Rows: []Row{
	{Func: "NewListener", Kind: Acquire, Resource: Listener, Type: pqListener, DSN: 1, Holds: Server, Freed: closed, Measured: true,
		Note: "own server conn, opened at once in the background, reconnects for ever"},
	{Func: "NewDialListener", Kind: Acquire, Resource: Listener, Type: pqListener, DSN: 2, Holds: Server, Freed: closed, Measured: true},
	{Func: "NewListenerConn", Kind: Acquire, Resource: Listener, Type: pqListenerConn, DSN: 1, Holds: Server, Freed: closed, NothingOnErr: true, Measured: true},
	{Func: "NewConnector", Resource: "connector", DSN: 1, Measured: true},
	{Func: "Open", Kind: Acquire, Resource: Conn, Type: driverConn, DSN: 1, Holds: Server, Freed: closed, NothingOnErr: true, Measured: true},
	{Func: "DialOpen", Kind: Acquire, Resource: Conn, Type: driverConn, DSN: 2, Holds: Server, Freed: closed, NothingOnErr: true, Measured: true},

	{Recv: "*Listener", Func: "Close", Kind: Release, Resource: Listener, Holds: Server, Measured: true},

	{Recv: "*ListenerConn", Func: "Close", Kind: Release, Resource: Listener, Holds: Server, Measured: true},
}}
