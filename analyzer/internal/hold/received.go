package hold

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/handle"
	"github.com/poolvet/poolvet/analyzer/internal/program"
	"github.com/poolvet/poolvet/analyzer/internal/release"
)

// byReceived looks at what a function does while it has a transaction or a connection that a call gave it, of which it is not known
// where it has that from: txFromContext(ctx). It is of some pool, as a parameter is.
func (h *Finder) byReceived(fn *ssa.Function) {
	if !h.mayWant(fn, noParam) {
		return // nothing is wanted meanwhile
	}
	for c := range program.CallsOf(fn) {
		call, ok := c.(*ssa.Call)
		if !ok {
			continue // go or defer: nobody has the result
		}
		obj, _ := program.Callee(call)
		if h.RowOf(obj, call) != nil || h.takenAt(fn, call) {
			continue // the catalog, or the callee, says where it is from
		}
		results := call.Call.Signature().Results()
		for i := range results.Len() {
			class := h.heldType(results.At(i).Type())
			if class == nil || class.Resource != catalog.Tx && class.Resource != catalog.Conn {
				continue // no holder, or rows, which are made here as a rule
			}
			site := h.paths.Received(fn, call, i, *class)
			if site.Discarded || class.Resource == catalog.Conn && !site.Released {
				continue // a connection that is not given back here may be one that somebody keeps for life
			}
			h.during(holding{
				Holder: Holder{Site: site, Resource: class.Resource}, pool: handle.Ref{Kind: h.FamilyOfType(results.At(i).Type())},
			}, site.Moments, call)
		}
	}
}

// takenAt reports whether a call is known to leave something with its caller.
func (h *Finder) takenAt(fn *ssa.Function, call *ssa.Call) bool {
	return slices.ContainsFunc(h.paths.SitesOf(fn), func(s *release.Site) bool { return s.Call == call })
}
