// Package program writes random small functions that take database connections, and makes them smaller.
//
// A function is a tree of statements. Each branch in it is decided by an input, the Booleans a to f and the numbers n, k and m,
// or by the way a call of the database ends. So all its paths can be run.
package program

// A Library is what the functions use.
type Library int

// The libraries.
const (
	PGX Library = iota // pgxpool
	SQL                // database/sql
)

// Kind is what a variable holds.
type Kind int

// The kinds.
const (
	None Kind = iota
	Pool
	Conn
	Tx
	Rows
	Row
	Batch
	Stmt
	RowsBox // a struct of the program's own around rows, with a Close
	TxBox
	ConnBox
	Flag   // a bool
	Closer // a func() that releases
)

// Op is what a statement does.
type Op int

// The statements.
const (
	Query Op = iota
	QueryRow
	Begin
	Acquire
	SendBatch
	Prepare
	Declare // var Var T, which a later statement with Assign sets
	Get     // Var of Kind comes from the helper Helper, which is given On
	Alias   // Var := On
	Wrap    // Var is a box around On
	Method  // Var is the release method of On

	Exec
	Release
	Defer
	Read   // for On.Next() { Scan; Body }
	Next   // if On.Next() { Body }
	Drain  // CollectRows
	Each   // ForEachRow, with Body in its callback
	Err    // On.Err()
	Call   // the helper Helper is given On
	InTx   // Body runs in a transaction Var, begun on On by a function that is given the body
	InConn // Body runs with a connection Var

	If
	Switch // a Body in each of Else, which are Case
	Case
	Loop
	Break
	Continue
	Return
	Give // returns On from a helper
	Panic
	Recover
	Closure
	Go // Body runs in a goroutine, Else before it is waited for
	SetFlag
	Cancel // the context ends with the function
)

// Node is a statement.
type Node struct {
	Op     Op
	Var    string // what it makes
	Kind   Kind   // of Var, where Op does not say
	Assign bool   // Var is there already
	On     string // what it works on
	Cond   string
	Helper string
	Style  int // one of several ways to write it, the plainest is 0
	Body   []*Node
	Else   []*Node
}

// Styles of a statement that takes a connection: what is done with its error.
const (
	ErrReturn = iota
	ErrWrap   // returned in another error
	ErrSwitch // compared first with errors.Is
	ErrQuiet  // return nil
	ErrInside // Body stands where it is nil
	ErrElse   // if err != nil { return } else { Body }
	ErrIgnore
	errStyles
)

// Styles of Release and Defer.
const (
	Plain       = iota
	Checked     // if err := …; err != nil { return err }
	InClosure   // of Defer: func() { … }()
	UnlessNil   // if x != nil
	OnError     // of Defer: if the named result is not nil
	UnlessFlag  // of Defer: if Var is not set, which SetFlag does
	CommitPlain // of a transaction
	CommitChecked
	IfCond // of Defer: if Cond
)

// Handle is how the function reaches its pool.
type Handle int

// The handles.
const (
	Param Handle = iota
	Field
	Getter
	handles
)

// Function is a generated function with its helpers.
type Function struct {
	Name    string
	Library Library
	Handle  Handle
	Named   bool // its error is a named result
	Body    []*Node
	Helpers []*Helper
}

// Helper is a function that the generated one calls.
type Helper struct {
	Name   string
	Param  string // the variable that it is given
	Kind   Kind   // of Param
	Result Kind   // None if it returns an error only
	Out    string // the variable that it returns at its end
	Body   []*Node
}

// helper returns a helper by its name, or nil.
func (f *Function) helper(name string) *Helper {
	for _, h := range f.Helpers {
		if h.Name == name {
			return h
		}
	}
	return nil
}

// made returns the kind of what a statement makes, or None.
func (f *Function) made(n *Node) Kind {
	switch n.Op {
	case Query:
		return Rows
	case QueryRow:
		return Row
	case Begin, InTx:
		return Tx
	case Acquire, InConn:
		return Conn
	case SendBatch:
		return Batch
	case Prepare:
		return Stmt
	case Defer:
		if n.Style == UnlessFlag {
			return Flag
		}
	case Method:
		return Closer
	case Get:
		if h := f.helper(n.Helper); h != nil {
			return h.Result
		}
	case Declare, Alias, Wrap:
		return n.Kind
	}
	return None
}

// walk visits statements and those inside them.
func walk(body []*Node, visit func(*Node)) {
	for _, n := range body {
		n.Each(visit)
	}
}

// Each visits the statement and all within it.
func (n *Node) Each(visit func(*Node)) {
	visit(n)
	walk(n.Body, visit)
	walk(n.Else, visit)
}

// Each visits all statements of the function and its helpers.
func (f *Function) Each(visit func(*Node)) {
	walk(f.Body, visit)
	for _, h := range f.Helpers {
		walk(h.Body, visit)
	}
}

// Has reports whether the function has a statement of one of the kinds.
func (f *Function) Has(ops ...Op) bool {
	found := false
	f.Each(func(n *Node) {
		for _, op := range ops {
			found = found || n.Op == op
		}
	})
	return found
}

// Size is the number of statements.
func (f *Function) Size() int {
	size := 0
	f.Each(func(*Node) { size++ })
	return size
}

// Deferred is the style of a Closure that is deferred.
const Deferred = 2
