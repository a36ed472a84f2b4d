// Package catalog says what each function of the database libraries does to a connection.
//
// It is the only place that knows a library: one file per library, one [Row] per function or method, in the form a user
// writes for wrappers of their own. Everything above it asks the [Catalog] by resolved method object, never by spelling or by
// the import table.
package catalog

import "go/types"

// Kind is what a call does to a resource.
type Kind uint8

const (
	Neutral   Kind = iota // nothing is held after the call
	Construct             // the result is a new pool
	Acquire               // a result (or the receiver, or an out argument) holds something after the call
	Release               // the call frees its receiver, at least with some outcome
	Consume               // the call frees one of its arguments
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
	Type     string // of an Acquire or Construct: the full type of the holder, "*database/sql.Rows"
	Result   int    // Acquire, Construct: index of the result that holds; -1: the receiver, or OutArg
	OutArg   int    // Acquire with Result -1: 1-based index of the pointer argument that comes back holding; 0: none
	Arg      int    // Consume: index of the argument that is freed, receiver not counted
	Holds    Holds

	Freed    []Event // Acquire: what frees the holder; Release: with which outcome (none: always)
	CtxFrees bool    // ending the context given to the call frees the holder
	Alias    bool    // the result is the receiver (or the handle argument) by another name

	Transient     bool // takes a connection and gives it back before it returns
	Blocks        bool // waits when the pool is exhausted
	Callback      bool // the connection is held while a function of the caller's runs
	NothingOnErr  bool // when the error result is not nil nothing is held
	FreesReceiver bool // an Acquire that moves the obligation: Hijack

	Measured bool // observed on a running PostgreSQL; otherwise read in the library's source
	Note     string

	Path string // the package, filled in from the Library
}

// Library is the rows of one package.
type Library struct {
	Path string // import path
	Doc  string // where the behaviour is documented
	Rows []Row
}

// Class is what the engine needs to know of one kind of holder: two holders of the same class are freed by the same calls.
type Class struct {
	Resource Resource
	Freed    []Event
}

// Catalog answers by object. It is immutable and safe for concurrent use.
type Catalog struct {
	libraries []Library
	funcs     map[string]*Row
	types     map[string]*Class
	shapes    map[string][]*Row
	paths     map[string]bool
}

var _ = types.Universe
