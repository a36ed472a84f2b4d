package release

import (
	"slices"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/flow"
	"github.com/poolvet/poolvet/analyzer/internal/obligation"
	"github.com/poolvet/poolvet/analyzer/internal/program"
)

// standsIn reports whether a call gets, for parameter i, an interface whose methods do to the resource in it what those of the same
// names of the resource itself do: construct(&rowsWrapper{rows}). To the callee it is the resource.
func (q *question) standsIn(c *flow.Call, i int, s *flow.Sym, path string, class catalog.Class) bool {
	methods := program.InterfaceMethods(paramType(c, i))
	if len(methods) == 0 || s.T == nil {
		return false // not an interface, or one that anything is
	}
	for _, m := range methods {
		out, ok := q.p.methodEffect(s.T, m.Name(), path, class)
		if !ok || !alike(out, byEvent(m, class)) {
			return false // it does something else
		}
	}
	return true
}

// alike reports whether two effects are the same, as far as a caller can tell them apart by what is returned.
func alike(a, b []obligation.Outcome) bool {
	for _, status := range []obligation.Status{obligation.Held, obligation.Released} {
		if obligation.All(a, status) && obligation.All(b, status) {
			return true
		}
	}
	return slices.EqualFunc(obligation.Normalize(slices.Clone(a)), obligation.Normalize(slices.Clone(b)), func(x, y obligation.Outcome) bool {
		return x.Status == y.Status && slices.Equal(x.When, y.When)
	})
}
