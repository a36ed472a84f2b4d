package release

import (
	"fmt"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/flow"
	"github.com/poolvet/poolvet/analyzer/internal/obligation"
	"github.com/poolvet/poolvet/analyzer/internal/program"
)

// hold is what one path knows of the one resource a question is about. It is the flow.Data of a question and immutable.
type hold struct {
	status    obligation.Status
	class     catalog.Class
	res       *flow.Sym           // the resource
	parent    *flow.Sym           // the conn or tx it occupies, nil for none
	ctx       *flow.Sym           // the context that ends it, nil for none
	releasers []*flow.Sym         // functions that release it when called
	begun     []*flow.Sym         // batches on which BeginTx was called
	excuse    Excuse              // Released: not by a release
	touched   bool                // a slice of resources: an element was used
	started   ssa.CallInstruction // a goroutine that releases it on some of its paths
	loss      *Loss
}

func (h *hold) Key() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d.%d", h.status, h.excuse)
	for _, s := range h.Roots() {
		fmt.Fprintf(&b, ".%d", s.ID)
	}
	if h.touched {
		b.WriteString("t")
	}
	if h.started != nil {
		fmt.Fprintf(&b, "g%d", h.started.Pos())
	}
	if h.loss != nil {
		fmt.Fprintf(&b, "!%d", h.loss.Pos)
	}
	return b.String()
}

func (h *hold) Roots() []*flow.Sym {
	var out []*flow.Sym
	for _, s := range []*flow.Sym{h.res, h.parent, h.ctx} {
		if s != nil {
			out = append(out, s)
		}
	}
	out = append(out, h.releasers...)
	return append(out, h.begun...)
}

func (h *hold) Rename(f func(*flow.Sym) *flow.Sym) flow.Data {
	g := *h
	g.parent, g.ctx = rename(h.parent, f), rename(h.ctx, f)
	g.releasers, g.begun = renameAll(h.releasers, f), renameAll(h.begun, f)
	return &g
}

func rename(s *flow.Sym, f func(*flow.Sym) *flow.Sym) *flow.Sym {
	if s == nil {
		return nil
	}
	return f(s)
}

func renameAll(in []*flow.Sym, f func(*flow.Sym) *flow.Sym) []*flow.Sym {
	out := make([]*flow.Sym, len(in))
	for i, s := range in {
		out[i] = f(s)
	}
	return out
}

func dataOf(st *flow.State) *hold { return st.Data.(*hold) }

// change replaces the data of a state by an altered copy.
func change(st *flow.State, f func(*hold)) *flow.State {
	h := *dataOf(st)
	f(&h)
	st.Data = &h
	return st
}

func settle(st *flow.State, s obligation.Status) *flow.State {
	return change(st, func(h *hold) { h.status = s })
}

// is reports whether a symbol is the resource itself: the value, or what a library embeds in it. The error in a *gorm.DB is
// not the transaction.
func (h *hold) is(s *flow.Sym) bool { return s != nil && h.res != nil && sameOrInside(s, h.res) }

func sameOrInside(s, whole *flow.Sym) bool {
	for s != whole {
		if s.Op != flow.OpLoad || s.T != nil && program.IsError(s.T) {
			return false
		}
		s = s.Args[0]
	}
	return true
}

func contains(list []*flow.Sym, s *flow.Sym) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// reaches reports whether someone who has the symbol can get at the resource, or at a function that releases it.
func reaches(st *flow.State, s *flow.Sym) bool {
	h := dataOf(st)
	if h.res == nil {
		return false
	}
	seen := map[*flow.Sym]bool{}
	var visit func(*flow.Sym) bool
	visit = func(s *flow.Sym) bool {
		if seen[s] {
			return false
		}
		seen[s] = true
		if h.is(s) || contains(h.releasers, s) {
			return true
		}
		switch s.Op {
		case flow.OpPred:
			if !carriesContext(s) {
				break // a condition, or another view of a handle
			}
			fallthrough
		case flow.OpClosure, flow.OpTuple, flow.OpAddr:
			for _, a := range s.Args {
				if visit(a) {
					return true
				}
			}
		}
		return st.Within(s, visit)
	}
	return visit(s)
}

// carriesContext reports whether a symbol is a context that this package has seen being made.
func carriesContext(s *flow.Sym) bool {
	return s.Op == flow.OpPred && strings.HasPrefix(s.Tag, "ctx")
}

// pathTo returns the first of pathsTo.
func pathTo(st *flow.State, s *flow.Sym) (path string, ok bool) {
	if paths := pathsTo(st, s, dataOf(st).is); len(paths) > 0 {
		return paths[0], true
	}
	return "", false
}

// pathsTo returns the fields of the symbol at which something is that is sought: "" if it is the symbol itself.
func pathsTo(st *flow.State, s *flow.Sym, sought func(*flow.Sym) bool) []string {
	if sought(s) {
		return []string{""}
	}
	var out []string
	seen := map[flow.Loc]bool{}
	var find func(at flow.Loc, prefix string)
	find = func(at flow.Loc, prefix string) {
		if seen[at] {
			return
		}
		seen[at] = true
		st.Mem(func(l flow.Loc, v *flow.Sym) {
			if l.Base != at.Base || !strings.HasPrefix(l.Path, at.Path) {
				return // of another object, or outside the part that is given
			}
			path := prefix + l.Path[len(at.Path):]
			switch {
			case !sought(v):
				find(flow.LocOf(v), path+deref)
			case path == "":
				out = append(out, deref) // a variable that is the resource
			default:
				out = append(out, path)
			}
		})
	}
	find(flow.LocOf(s), "")
	return out
}

// deref separates, in a path, the fields of a struct from those of what a pointer in it points to.
const deref = ">"

// place makes the resource reachable from a symbol at a path that pathTo gave.
func place(m *flow.Machine, st *flow.State, at, res *flow.Sym, path string) {
	head, rest, nested := strings.Cut(path, deref)
	loc := flow.LocOf(at)
	loc.Path += head
	if !nested || rest == "" {
		st.Put(loc, res)
		return
	}
	inner := m.New(partTag+fmt.Sprint(at.ID)+path, nil)
	st.Put(loc, inner)
	place(m, st, inner, res, rest)
}

// partTag begins the tag of an object between a wrapper and the resource in it.
const partTag = "part"

func isPart(s *flow.Sym) bool { return s.Op == flow.OpNew && strings.HasPrefix(s.Tag, partTag) }

// handleOf strips what only gives another view of a handle: an embedded field, Conn().
func handleOf(s *flow.Sym) *flow.Sym {
	for s != nil && (s.Op == flow.OpLoad && embeds(s) || s.Op == flow.OpPred && s.Tag == viewTag) {
		s = s.Args[0]
	}
	return s
}

// viewTag marks the symbol of another view of a conn.
const viewTag = "view"

// embeds reports whether the loaded field belongs to a value that is itself a handle of a library: the field is then the
// handle the library embeds.
func embeds(s *flow.Sym) bool {
	base := s.Args[0]
	if base.T == nil || s.T == nil {
		return false
	}
	cat := catalog.Default()
	return cat.Type(base.T) != nil && cat.Type(s.T) != nil
}

// param returns the parameter that a symbol is, nil if it is none of the function in question.
func paramOf(s *flow.Sym) *ssa.Parameter {
	if s == nil || s.Op != flow.OpOpaque || s.Tag != "" {
		return nil
	}
	p, _ := s.V.(*ssa.Parameter)
	return p
}
