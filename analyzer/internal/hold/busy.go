package hold

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/limit"
	"github.com/poolvet/poolvet/analyzer/internal/program"
	"github.com/poolvet/poolvet/analyzer/internal/release"
)

// onBusy looks at what is done with a connection or a transaction of pgx while something that was taken from it is open: pgx
// answers "conn busy". A savepoint occupies nothing.
func (h *Finder) onBusy(site *release.Site) {
	switch site.Class.Resource {
	case catalog.Rows, catalog.Line, catalog.Batch:
	default:
		return // a savepoint, a statement
	}
	for _, m := range site.Moments.Sorted() {
		call, ok := m.At.(ssa.CallInstruction)
		if !ok || call == site.Call || site.Moments.Entered[call] || m.Parent == 0 {
			continue // it does not use the connection
		}
		for _, k := range h.ByCallee(call) {
			obj, _ := program.Callee(call)
			row := h.RowOf(obj, call)
			used := row != nil && m.Parent.Has(program.HandleIndex(call, row)) || row == nil && m.Parent.Has(k.Handle)
			if !used || k.Serial && !h.overPostgres() || k.Spawned || endsSomething(row) {
				continue // of another connection, of a library that waits, or of another goroutine
			}
			at := call
			if m.Via != nil {
				at, k.Chain = m.Via, append([]string{h.NameOf(m.Via)}, k.Chain...)
			}
			h.waits = append(h.waits, &Wait{
				At: at, Kind: BusyConn, Take: k.Take, Holder: Holder{Site: site, Resource: site.Class.Resource}, Sure: true,
			})
			break
		}
	}
}

// overPostgres reports whether the package shows that database/sql works on a driver that refuses a second statement on a busy
// connection: it names pgx or lib/pq where it opens a pool. On a *sql.Conn over pgx the call never returns.
func (h *Finder) overPostgres() bool {
	return slices.ContainsFunc(h.Built, func(b limit.Built) bool {
		args := b.Call.Common().Args
		if b.Row.Driver == 0 || b.Row.Driver > len(args) {
			return false
		}
		name, ok := program.StringConst(args[b.Row.Driver-1])
		return ok && catalog.PostgresDriver(name)
	})
}

// endsSomething reports whether a row's function only ends something.
func endsSomething(row *catalog.Row) bool {
	return row != nil && (row.Kind == catalog.Release || row.Kind == catalog.Consume)
}
