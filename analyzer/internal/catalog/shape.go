package catalog

import (
	"go/types"
	"slices"
	"strings"
)

// Shape returns a row for a method that no library declares but that has the name and the types of one that takes a
// connection: the Query of a user's own
//
//	interface{ Query(context.Context, string, ...any) (pgx.Rows, error) }
//
// The row says what the library's does when a pool is behind the interface, with [SlotIfPool] for [Slot]. Shape returns nil
// for functions, for methods that have a row, and for all others.
func (c *Catalog) Shape(m *types.Func) *Row {
	if m == nil || m.Signature().Recv() == nil {
		return nil // no method
	}
	if c.Func(m) != nil {
		return nil // its own row says more
	}
	sig := m.Signature()
	names := []string{m.Name()}
	if takesContext(sig) {
		// Query(ctx, …) of an interface over database/sql is a QueryContext, Begin(ctx) a BeginTx.
		names = append(names, m.Name()+"Context", m.Name()+"Tx")
	}
	for _, name := range names {
		for _, r := range c.shapes[name] {
			if r.hasShape(sig) {
				return r.shaped(m)
			}
		}
	}
	return nil // unlike any
}

// shaped returns the row of a method m that does what r says.
func (r *Row) shaped(m *types.Func) *Row {
	s := *r
	s.Path, s.Func = cleanPath(m.Pkg().Path()), m.Name()
	s.Recv = strings.Replace(typeName(m.Signature().Recv().Type()), s.Path+".", "", 1)
	if s.Recv == "" {
		s.Recv = "interface" // without a name
	}
	if s.Holds == Slot {
		s.Holds = SlotIfPool
	}
	s.Measured, s.Note = false, "by its shape "+r.Name()
	return &s
}

// indexShapes collects the methods whose name and types identify them, those that take a connection of a pool first.
func (c *Catalog) indexShapes(rows []*Row) {
	for _, r := range rows {
		if r.Recv == "" || r.Type == "" || r.FreesReceiver || r.Result < 0 {
			continue // not a method that can be told by its result, or one that only its own type can have (Hijack)
		}
		c.shapes[r.Func] = append(c.shapes[r.Func], r)
	}
	for _, same := range c.shapes {
		slices.SortStableFunc(same, func(a, b *Row) int { return a.level() - b.level() })
	}
}

// level orders the rows of one name: the user's, then those of pools, then those behind any handle, then those of a conn or tx.
func (r *Row) level() int {
	switch {
	case r.user:
		return 0
	case r.Holds == Slot, r.Holds == Nothing && r.Transient:
		return 1
	case r.Holds == SlotIfPool:
		return 2
	}
	return 3
}

// hasShape reports whether a method with the signature could be r's: the same type in the same result, an error result or
// none, a context first or not.
func (r *Row) hasShape(sig *types.Signature) bool {
	if !r.user && r.contextFirst() != takesContext(sig) {
		return false // Query() of a batch is not Query(ctx, …) of a pool
	}
	if r.ofBatch() && sig.Params().Len() > 0 {
		return false // nor is it QueryRow(sql) of some wrapper
	}
	if r.Kind == Neutral {
		return mentions(sig.Results(), r.Type) || mentions(sig.Params(), r.Type)
	}
	if sig.Results().Len() <= r.Result || typeName(sig.Results().At(r.Result).Type()) != r.Type {
		return false // returns something else
	}
	return returnsError(sig) == r.NothingOnErr
}

// contextFirst reports whether the library's method takes a context first. Only shapes need that, so it is no field of the
// row; a test compares it with every signature.
func (r *Row) contextFirst() bool {
	if r.CtxFrees || strings.HasSuffix(r.Func, "Context") {
		return true
	}
	if r.noCtx {
		return r.Type == sqlConn || r.Type == sqlxConn // (*DB).Conn and Connx
	}
	switch r.Path {
	case gormPath, gormPostgres.Path, xormPath, xormCorePath:
		return false // the context is in the handle
	case bunPath:
		return r.Type == bunConn || strings.HasSuffix(r.Func, "Tx") // the Begin of a DB takes none
	case goPGPath, goPGORMPath, pgdriver.Path:
		return r.Func == "RunInTransaction" || r.Func == "Listen"
	case puddle2.Path:
		return r.Func != "AcquireAllIdle"
	}
	return !r.ofBatch()
}

// ofBatch reports whether the row's method reads a result of what was sent before: it has no parameters at all.
func (r *Row) ofBatch() bool { return r.Recv == "BatchResults" }

func takesContext(sig *types.Signature) bool {
	return sig.Params().Len() > 0 && typeName(sig.Params().At(0).Type()) == "context.Context"
}

func returnsError(sig *types.Signature) bool {
	n := sig.Results().Len()
	return n > 0 && typeName(sig.Results().At(n-1).Type()) == "error"
}

func mentions(tuple *types.Tuple, name string) bool {
	for v := range tuple.Variables() {
		if typeName(v.Type()) == name || typeName(v.Type().Underlying()) == name {
			return true
		}
	}
	return false
}
