package straypool

import (
	"go/ast"
	"slices"
	"strings"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/construct"
	"github.com/poolvet/poolvet/analyzer/internal/diag"
	"github.com/poolvet/poolvet/analyzer/internal/runs"
)

type wording struct {
	*reporter
	c    *construct.Construction
	call *ast.CallExpr
}

// again is the message for a construction that runs again and again.
func (w *wording) again() string {
	often, why := w.often()
	return w.subject() + " " + often + brackets(why, w.origin()) + "; " + w.once()
}

// brackets puts what is not empty into brackets.
func brackets(notes ...string) string {
	notes = slices.DeleteFunc(notes, func(s string) bool { return s == "" })
	if len(notes) == 0 {
		return ""
	}
	return " (" + strings.Join(notes, "; ") + ")"
}

// subject is who does what: "pgxpool.New runs", "db.NewPool builds a pool".
func (w *wording) subject() string {
	name := diag.Callee(w.call)
	if w.c.Given != "" {
		name = w.c.Given
	}
	if w.c.Row != nil {
		return name + " runs"
	}
	if w.c.Again != nil && w.c.Again.Name != "" && len(w.c.Build.Chain) == 0 {
		name = w.c.Again.Name // registered here, declared elsewhere
	}
	if w.c.Build.Assumed {
		return name + " may build " + what(w.c.Build.Resource)
	}
	return name + " builds " + what(w.c.Build.Resource)
}

// often says how often, and why.
func (w *wording) often() (often, why string) {
	a := w.c.Again
	at := diag.Where(w.pass.Fset, w.call.Pos(), a.Pos)
	switch {
	case a.Kind == runs.InLoop:
		return "in a loop", ""
	case a.Kind == runs.InGoroutines && a.Pos == w.c.Call.Common().Pos():
		return "in each goroutine of a loop", ""
	case a.Kind == runs.InGoroutines:
		return "in each goroutine that the loop starts at " + at, ""
	case a.Name == "":
		return string(a.Entry), "function at " + at
	}
	return string(a.Entry), a.Name + " at " + at
}

// origin names the constructor behind a function of the program's own, and the way to it.
func (w *wording) origin() string {
	if w.c.Row != nil {
		return ""
	}
	b := w.c.Build
	text := b.From + " at " + b.At
	if b.Assumed {
		text += ", in one of the implementations"
	}
	if len(b.Chain) > 1 {
		text += " through " + strings.Join(b.Chain[1:], ", ")
	}
	return text
}

// once is the way out.
func (w *wording) once() string {
	switch {
	case w.c.Again.Kind == runs.ByHealthCheck || w.c.Again.Entry == catalog.OnHealth:
		return "ping the pool that the service uses"
	case w.c.Build.Resource == catalog.Pool:
		return "build the pool once and share it"
	case w.c.Build.Resource == catalog.Listener:
		return "listen once and hand the notifications on"
	}
	return "take it from a shared pool"
}

// reason is the note at the position that makes a construction run again.
func (w *wording) reason() string {
	switch w.c.Again.Kind {
	case runs.InLoop:
		return "the loop runs this"
	case runs.InGoroutines:
		return "each round starts a goroutine here"
	}
	return "this runs " + string(w.c.Again.Entry)
}

// broken is the message for a singleton that is none.
func (w *wording) broken() string {
	b := w.c.Broken
	at := diag.Where(w.pass.Fset, w.call.Pos(), b.Pos)
	name := diag.Callee(w.call)
	switch b.Kind {
	case construct.NeverAssigned:
		return name + " runs on each call: " + b.Name + " is checked at " + at + " and never set" + brackets(w.origin()) + "; set it, or use sync.OnceValue"
	case construct.Shadowed:
		return name + " runs on each call: := makes a new " + b.Name + ", the one that is checked at " + at + " stays nil" + brackets(w.origin()) + "; assign with ="
	case construct.CopyAssigned:
		return name + " runs on each call: " + b.Name + " is assigned in a copy of the receiver (checked at " + at + ")" + brackets(w.origin()) + "; make it a pointer receiver"
	case construct.FailAssigned:
		return name + " runs on each call: " + b.Name + " (checked at " + at + ") is set only where something has failed" + brackets(w.origin()) + "; set it on success"
	case construct.NeverStored:
		return name + " runs on each call: " + b.Name + " (looked up at " + at + ") never gets the new pool" + brackets(w.origin()) + "; store it"
	}
	if b.Kind == construct.LocalOnce {
		return name + " runs on each call: its " + b.Name + " is new each time; make it a package variable or a field"
	}
	return b.Name + " gets one more pool for each new key (looked up at " + at + ") and never loses one" + brackets(w.origin()) + "; bound it, or close and delete idle pools"
}

// unclosed is the advice for a pool in main.
func (w *wording) unclosed() string {
	u := w.c.Unclosed
	if u.By == "" {
		return w.variable() + " is never closed in main; defer its Close"
	}
	return w.variable() + " is not closed when " + u.By + " ends the process at " + diag.Where(w.pass.Fset, w.call.Pos(), u.Pos) +
		": deferred calls do not run; return an error from a function that main calls"
}

// variable is the user's name for what is built.
func (w *wording) variable() string {
	if f := diag.File(w.pass.Files, w.call.Pos()); f != nil {
		call, around := diag.CallAt(f, w.call.Lparen)
		if e := diag.Assigned(call, around, 0); e != nil {
			if name := diag.Name(e); name != "" {
				return name
			}
		}
	}
	return "what " + diag.Callee(w.call) + " builds"
}
