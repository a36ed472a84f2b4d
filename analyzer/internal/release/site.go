package release

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/fact"
	"github.com/poolvet/poolvet/analyzer/internal/program"
)

// Site is a call that leaves a resource with the function it stands in.
type Site struct {
	Call     ssa.CallInstruction
	Class    catalog.Class
	Holds    catalog.Holds
	CtxFrees bool
	From     string       // the library call behind it
	Row      *catalog.Row // nil for a call of the program's own wrapper
	Wrapper  bool         // what the caller has is a value of a type of its own around the resource
	Releaser bool         // all the caller has is a function that releases it
	Begun    bool         // the results of a batch that is a transaction: what is owed is the end of their Tx
	Assumed  bool         // it rests on an interface whose implementations are not all known

	Holder    ssa.Value // the result that holds it; nil if the call has none or it is not used
	Out       ssa.Value // the argument that holds it after the call, if no result does
	Discarded bool      // the result that holds it is not used at all
	Released  bool      // some path releases it
	Kept      bool      // some path returns it or stores it
	Losses    []Loss    // by position
	GaveUp    bool      // the function is too large to be followed

	Moments Moments // what is done while it is held
	Escapes bool    // some path gives it to a call of which nothing is known

	owned     *fact.Owned
	inLiteral bool // the call is in a function literal that hands it to a variable outside
	parentArg int
	ctxArg    int
}

// LossKind is how a resource is lost.
type LossKind uint8

const (
	AtExit      LossKind = iota // a return leaves it behind
	AtPanic                     // a panic that is recovered leaves it behind
	InGoroutine                 // a goroutine that has taken it over leaves it behind
	Overwritten                 // the next iteration takes another one and nothing refers to it any more
	DeferInLoop                 // the next iteration takes another one while the deferred release waits for the return
	UntilCancel                 // so it does, while the last one stays until its context is canceled, when the function returns
	BusyAtEnd                   // its transaction ends while it is open: the commit fails
	StuckAtEnd                  // its connection is closed while it is open: the close waits for ever
)

// Excuse is a reason why a loss matters less.
type Excuse uint8

const (
	NoExcuse  Excuse = iota // it matters
	EndsOnCtx               // the context of a request, or one with a deadline, ends it
	ConnGone                // its connection is given back broken: the slot is free, the connection is not reused
	TxEnds                  // the transaction it belongs to closes it when it ends
	NotHeld                 // there was nothing to release: the query had failed
)

// Pos is the position of the call: its opening parenthesis.
func (s *Site) Pos() token.Pos { return s.Call.Common().Pos() }

// Outer is the function that the call stands in, or that the literals are in which the call stands in.
func (s *Site) Outer() *ssa.Function { return program.Outermost(s.Call.Parent()) }

// Loss is a place where a resource is lost.
type Loss struct {
	Kind    LossKind
	Pos     token.Pos // of the return, or of the call that ends or takes
	At      ssa.Instruction
	Excuse  Excuse
	Release token.Pos // DeferInLoop: the deferred release
}

// AtReturn reports whether it is released in the end, when the function returns: too late for a loop.
func (l Loss) AtReturn() bool { return l.Kind == DeferInLoop || l.Kind == UntilCancel }

// HeldByFunc reports whether what the caller has is a function that releases.
func (s *Site) HeldByFunc() bool {
	if s.Holder == nil {
		return false
	}
	_, ok := s.Holder.Type().Underlying().(*types.Signature)
	return ok
}

// EndsOnCtx reports whether nothing but the end of a context releases it where it is lost.
func (s *Site) EndsOnCtx() bool {
	return len(s.Losses) > 0 && !slices.ContainsFunc(s.Losses, func(l Loss) bool { return l.Excuse != EndsOnCtx })
}

// ResultIndex is which result of the call holds.
func (s *Site) ResultIndex() int {
	if e, ok := s.Holder.(*ssa.Extract); ok {
		return e.Index
	}
	return 0
}

// unheld settles a site whose result nobody can have, and reports whether it is one.
func (s *Site) unheld() bool {
	if s.Call.Value() != nil {
		return false
	}
	s.Losses = []Loss{{Kind: AtExit, Pos: s.Call.Pos(), At: s.Call}}
	return true
}

// learn takes over what a question found out about the site.
func (s *Site) learn(q *question) {
	s.Losses, s.Released, s.Kept, s.GaveUp = q.losses, q.released, q.kept, q.m.GaveUp
	s.inLiteral = q.outside
	s.Moments = s.Moments.join(q.moments)
	s.Escapes = s.Escapes || q.escapes
	if s.GaveUp && s.Discarded && s.Row != nil {
		s.Losses = []Loss{{Kind: AtExit, Pos: s.Pos(), At: s.Call}} // no path can release what nobody has
	}
}

// relearn is learn for an enclosing function. A function that was not seen to call the literal tells nothing.
func (s *Site) relearn(q *question) {
	if q.released || q.kept || len(q.losses) > 0 {
		s.learn(q)
	}
}
