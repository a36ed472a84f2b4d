// Package catalog says what each function of the database libraries does to a connection.
//
// It is the only place that knows a library: one file per library, one [Row] per function or method, in the form a user
// writes for wrappers of their own ([UserRow]). Everything above it asks the [Catalog] by resolved method object, never by
// spelling or by the import table.
package catalog

// Kind is what a call does to a resource.
type Kind uint8

const (
	Neutral   Kind = iota // nothing is held after the call
	Construct             // the result is a new pool
	Acquire               // a result (or the receiver, or an out argument) holds something after the call
	Release               // the call frees its receiver, at least with some outcome
	Consume               // the call frees one of its arguments
	Start                 // the call runs one of its arguments in a goroutine
	Join                  // the call returns when all that was started has ended
	Slow                  // the call waits for something outside the program
)

// Resource is what is held.
type Resource string

// The resources that carry an obligation. A row may name others (config, driver …): they carry none.
const (
	Pool     Resource = "pool"
	Conn     Resource = "conn"
	Conns    Resource = "conn[]" // a slice: every element is held
	Tx       Resource = "tx"
	Rows     Resource = "rows"
	Line     Resource = "row" // the result of QueryRow
	Batch    Resource = "batch"
	Stmt     Resource = "stmt"
	Listener Resource = "listener"
	Session  Resource = "session"
	Reader   Resource = "reader"   // an unread result of package pgconn
	Pipeline Resource = "pipeline" // of package pgconn
)

// Holds is what a held resource costs.
type Holds uint8

const (
	Nothing    Holds = iota
	Slot             // one connection of a pool
	SlotIfPool       // one connection if the receiver (or handle argument) is pool-level, else its parent's
	Server           // a server connection outside every pool
	Parent           // no new connection, but the parent conn or tx is busy
)

// When is the outcome of a method that frees.
type When uint8

const (
	Always  When = iota
	OnFalse      // frees when its bool result is false: Next=false
	OnError      // frees when its error result is not nil: Scan=err
)

// Event is a method that frees the resource it is called on.
type Event struct {
	Method string
	When   When
}

// Row is what one function or method does. The zero value of each field means "no".
type Row struct {
	Recv string // receiver as written: "*Pool", "Rows"; empty for a package function
	Func string

	Kind     Kind
	Resource Resource
	// Type is the full type of what an Acquire or Construct returns holding, "*database/sql.Rows", without type arguments. Of a
	// Transient row it is a type of the library in the signature, by which Shape knows the method in a user's interface.
	Type   string
	Result int // Acquire, Construct: index of the result that holds; -1: the receiver, or OutArg
	OutArg int // Acquire with Result -1: 1-based index of the pointer argument that comes back holding; 0: none
	Arg    int // Consume: index of the argument that is freed; Start: of the function that is started; receiver not counted
	Handle int // 1-based index of the argument that is the pool, conn or tx the call works on; 0: the receiver
	Driver int // Construct: 1-based index of the argument that names the driver or dialect; 0: none
	DSN    int // 1-based index of the argument that is a connection string; 0: none
	Holds  Holds

	Freed    []Event // Acquire: what frees the holder (none: only a Consume row does); Release: with which outcome (none: always)
	CtxFrees bool    // ending the context given to the call frees the holder
	Alias    bool    // the result is the receiver (or the handle argument) by another name

	Transient     bool   // takes a connection and gives it back before it returns
	Blocks        bool   // waits when the pool is exhausted
	Callback      bool   // the connection is held while a function of the caller's runs
	ErrField      string // the field of the first result that has the error, where it is no result: "Error"
	NothingOnErr  bool   // when the error result is not nil nothing is held
	FreesReceiver bool   // an Acquire that moves the obligation of its receiver (or handle argument) to its result: Hijack

	Each         bool   // Start: one goroutine for each element of the first argument that is no context
	Bound        string // Start: the method of the receiver that bounds how many run at once
	BoundByMaker bool   // Start: the first argument of the function that makes the receiver bounds them
	Bounded      bool   // Start: it bounds them itself

	Measured bool // observed on a running PostgreSQL; otherwise read in the library's source
	Note     string

	Path string // the package, filled in from the Library

	noCtx bool // of the Library
	user  bool // written by a user: Shape then knows nothing of its parameters
}

// Library is the rows of one package.
type Library struct {
	Path   string // import path
	Doc    string // where the behavior is documented
	Rows   []Row
	Embeds map[string]string // holder types that embed another: "*Rows" -> "*database/sql.Rows"
	Family string            // path of the library whose pools its handles may be of; "": it has its own
	NoCtx  bool              // its methods take no context first, but for those named …Context and those that need one (Conn)
}

// Class is what the engine needs to know of one kind of holder: two holders of the same class are freed by the same calls.
type Class struct {
	Resource Resource
	Freed    []Event
}

// Catalog answers by object. It is immutable and safe for concurrent use.
type Catalog struct {
	libraries []Library
	user      []Row
	funcs     map[string]*Row
	types     map[string]*Class
	classes   []NamedClass               // the same, by name
	methods   map[string]map[string]bool // holder type -> names of its methods, promoted ones too
	shapes    map[string][]*Row          // method name -> rows, those that take a connection of a pool first
	paths     map[string]bool            // the built-in libraries
	rowPaths  map[string]bool            // all packages with a row
	starters  map[string]*Starter        // the user's functions that start goroutines
	joins     map[string]bool            // the user's functions that wait for them
	slow      map[string]string          // the user's slow functions, and what they wait for
}

// Obliges reports whether whoever gets a resource of this kind has to free it.
func (r Resource) Obliges() bool {
	switch r {
	case Pool, Conn, Conns, Tx, Rows, Line, Batch, Stmt, Listener, Session, Reader, Pipeline:
		return true
	}
	return false
}
