package catalog

const (
	puddlePool     = "*github.com/jackc/puddle/v2.Pool"
	puddleResource = "*github.com/jackc/puddle/v2.Resource"
)

// puddle2 is the generic pool under pgxpool.
var puddle2 = Library{Path: "github.com/jackc/puddle/v2", Doc: "https://pkg.go.dev/github.com/jackc/puddle/v2", Rows: []Row{
	{Func: "NewPool", Kind: Construct, Resource: Pool, Type: puddlePool, Freed: closed, NothingOnErr: true, Measured: true},

	{Recv: "*Pool", Func: "Acquire", Kind: Acquire, Resource: Conn, Type: puddleResource, Holds: Slot, Freed: puddleFreed, Blocks: true, NothingOnErr: true, Measured: true},
	{Recv: "*Pool", Func: "TryAcquire", Kind: Acquire, Resource: Conn, Type: puddleResource, Holds: Slot, Freed: puddleFreed, NothingOnErr: true},
	{Recv: "*Pool", Func: "AcquireAllIdle", Kind: Acquire, Resource: Conns, Type: "[]" + puddleResource, Holds: Slot, Freed: puddleFreed,
		Note: "never blocks"},
	{Recv: "*Pool", Func: "CreateResource", Resource: Conn},
	{Recv: "*Pool", Func: "Close", Kind: Release, Resource: Pool, Note: "blocks until all resources are back"},

	{Recv: "*Resource", Func: "Release", Kind: Release, Resource: Conn, Holds: Slot, Measured: true},
	{Recv: "*Resource", Func: "ReleaseUnused", Kind: Release, Resource: Conn, Holds: Slot},
	{Recv: "*Resource", Func: "Destroy", Kind: Release, Resource: Conn, Holds: Slot},
	{Recv: "*Resource", Func: "Hijack", Kind: Release, Resource: Conn, Holds: Slot, Measured: true},
}}
