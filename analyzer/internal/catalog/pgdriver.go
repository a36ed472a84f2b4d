package catalog

const pgdriverListener = "*github.com/uptrace/bun/driver/pgdriver.Listener"

// pgdriver is bun's driver of database/sql. Its listeners have a server connection of their own.
var pgdriver = Library{Path: "github.com/uptrace/bun/driver/pgdriver", Doc: "https://pkg.go.dev/github.com/uptrace/bun/driver/pgdriver", Family: bun.Path, Rows: []Row{
	{Func: "NewConnector", Resource: "connector", Measured: true},
	{Func: "NewDriver", Resource: "driver"},
	{Func: "WithDSN", Resource: "config", DSN: 1},
	{Func: "NewListener", Kind: Acquire, Resource: Listener, Type: pgdriverListener, Holds: Server, Freed: closed, Measured: true,
		Note: "lazy: Listen, Receive and Channel open the server connection, which is not in the pool's statistics"},
	{Func: "Notify", Resource: Conn, Handle: 2, Holds: Slot, Transient: true, Blocks: true},
	{Func: "CopyFrom", Resource: Conn, Handle: 2, Holds: Parent},
	{Func: "CopyTo", Resource: Conn, Handle: 2, Holds: Parent},

	{Recv: "*Listener", Func: "Listen", Kind: Acquire, Resource: Listener, Type: pgdriverListener, Result: -1, Holds: Server, Freed: closed, NothingOnErr: true, Measured: true},
	{Recv: "*Listener", Func: "Receive", Resource: Listener, Holds: Server},
	{Recv: "*Listener", Func: "ReceiveTimeout", Resource: Listener, Holds: Server},
	{Recv: "*Listener", Func: "Unlisten", Resource: Listener, Holds: Server},
	{Recv: "*Listener", Func: "Channel", Kind: Acquire, Resource: Listener, Type: pgdriverListener, Result: -1, Holds: Server, Freed: closed},
	{Recv: "*Listener", Func: "Close", Kind: Release, Resource: Listener, Holds: Server, Measured: true},
}}
