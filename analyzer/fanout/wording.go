package fanout

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"

	"github.com/poolvet/poolvet/analyzer/internal/bound"
	"github.com/poolvet/poolvet/analyzer/internal/diag"
	"github.com/poolvet/poolvet/analyzer/internal/spawn"
)

type wording struct {
	*reporter
	sp     *spawn.Spawn
	call   *ast.CallExpr
	around []ast.Node
}

// message returns where to report, and what to say; nothing if the goroutines are few enough.
func (w *wording) message() (ast.Node, string) {
	sp := w.sp
	switch {
	case sp.Take.Busy:
		return w.call, fmt.Sprintf("goroutines share one transaction or connection (%s%s): conn busy; give each its own, or run them one after the other",
			sp.Take.From, w.through())
	case sp.Width == spawn.Straight:
		if sp.Count != w.limits.MaxParallel+1 || sp.Bound > 0 && sp.Bound <= int64(w.limits.MaxParallel) {
			return nil, "" // few, said already, or bounded
		}
		return w.call, fmt.Sprintf("%s is the %s that this function runs in parallel (max-parallel %d); run some after the others, or bound them",
			sp.Take.From+w.through(), ordinal(sp.Count), w.limits.MaxParallel)
	case sp.Bound > 0 && sp.Fake == nil:
		return w.tooLarge()
	case sp.Fake != nil && sp.Fake.Kind != bound.Anew && diag.PosOf(sp.Fake.At) != w.call.Lparen:
		return w.fake()
	}
	if sp.Left {
		return w.call, fmt.Sprintf("%s leaves a goroutine behind that takes a connection, with no bound (%s; %s%s); %s",
			diag.Callee(w.call), w.width(), sp.Take.From, w.through(), w.remedy())
	}
	return w.call, fmt.Sprintf("goroutines started here each take a connection with no bound (%s; %s%s); %s",
		w.width(), sp.Take.From, w.through(), w.remedy())
}

// tooLarge is the message for a bound that does not fit, if it does not.
func (w *wording) tooLarge() (ast.Node, string) {
	sp := w.sp
	if sp.Limit > 0 {
		if sp.Bound <= sp.Limit {
			return nil, ""
		}
		return w.call, fmt.Sprintf("up to %d goroutines take a connection each (%s%s), and the pool has %d; bound them to less",
			sp.Bound, sp.Take.From, w.through(), sp.Limit)
	}
	if sp.Bound <= int64(w.limits.MaxConns) {
		return nil, ""
	}
	return w.call, fmt.Sprintf("up to %d goroutines take a connection each (%s%s), more than max-conns %d; bound them to less",
		sp.Bound, sp.Take.From, w.through(), w.limits.MaxConns)
}

// fake is the message for a bound that is none, at that bound.
func (w *wording) fake() (ast.Node, string) {
	sp := w.sp
	at, name := w.bound()
	why := "grows with what it is to bound"
	switch sp.Fake.Kind {
	case bound.Negative:
		why = "is no limit"
	case bound.Late:
		why = "is taken when the work is done, and bounds nothing"
	}
	return at, fmt.Sprintf("%s %s: the goroutines started at %s each take a connection (%s%s); use a number that fits the pool",
		name, why, diag.Where(w.pass.Fset, at.Pos(), w.call.Pos()), sp.Take.From, w.through())
}

// bound is the syntax of the fake bound.
func (w *wording) bound() (ast.Node, string) {
	pos := diag.PosOf(w.sp.Fake.At)
	if call, _ := diag.CallIn(w.pass.Files, pos); call != nil {
		return call, types.ExprString(call)
	}
	return w.call, "the bound"
}

// through is the way to the library's call.
func (w *wording) through() string {
	var text string
	if len(w.sp.Take.Chain) > 0 {
		text = " at " + w.sp.Take.At + " through " + strings.Join(w.sp.Take.Chain, ", ")
	}
	if w.sp.Take.Assumed {
		text += ", in one of the implementations"
	}
	return text
}

// width says how many there are.
func (w *wording) width() string {
	switch w.sp.Width {
	case spawn.EachElement:
		return "one for each element"
	case spawn.Recursive:
		return "one more on each level of the recursion"
	case spawn.EachRun:
		return "one " + string(w.sp.Again.Entry)
	}
	for _, n := range w.around {
		switch n := n.(type) {
		case *ast.RangeStmt:
			over := types.ExprString(n.X)
			switch w.pass.TypesInfo.TypeOf(n.X).Underlying().(type) {
			case *types.Chan:
				if w.ticks(n.X) {
					return "one on each tick"
				}
				return "one for each message of " + over
			case *types.Slice, *types.Map, *types.Array, *types.Pointer:
				return "up to len(" + over + ")"
			}
			return "one for each of " + over
		case *ast.ForStmt:
			return "one in each round of the loop"
		case *ast.FuncDecl:
			return "one in each round"
		}
	}
	return "one in each round"
}

// ticks reports whether a channel is a ticker's.
func (w *wording) ticks(ch ast.Expr) bool {
	c, ok := w.pass.TypesInfo.TypeOf(ch).Underlying().(*types.Chan)
	return ok && c.Elem().String() == "time.Time"
}

// remedy is the bound to add.
func (w *wording) remedy() string {
	if w.sp.Fake != nil && w.sp.Fake.Kind == bound.Anew {
		return "the bound is made anew by each level; share one"
	}
	if sel, ok := w.call.Fun.(*ast.SelectorExpr); ok && w.sp.Via != "" {
		return "call " + types.ExprString(sel.X) + "." + w.sp.Via + " with a number that fits the pool"
	}
	if w.sp.Width == spawn.EachRun {
		return "hand the work to a fixed number of workers"
	}
	return "bound them with a semaphore or workers that fit the pool"
}

// ordinal is "5th".
func ordinal(n int) string {
	switch {
	case n%10 == 1 && n%100 != 11:
		return fmt.Sprintf("%dst", n)
	case n%10 == 2 && n%100 != 12:
		return fmt.Sprintf("%dnd", n)
	case n%10 == 3 && n%100 != 13:
		return fmt.Sprintf("%drd", n)
	}
	return fmt.Sprintf("%dth", n)
}
