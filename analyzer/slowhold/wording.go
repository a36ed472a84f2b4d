package slowhold

import (
	"fmt"
	"go/ast"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/diag"
	"github.com/poolvet/poolvet/analyzer/internal/hold"
	"github.com/poolvet/poolvet/analyzer/internal/slow"
)

type wording struct {
	*reporter
	slow *hold.SlowHold
	node ast.Node // what is reported
	call *ast.CallExpr
}

// message says what is held, since when, for what, and the way out.
func (w *wording) message() string {
	h := hold.Said(w.pass.Files, w.slow.Holder)
	since := ""
	if pos := w.slow.Holder.Pos(); pos.IsValid() {
		since = ", taken at " + diag.Where(w.pass.Fset, w.node.Pos(), pos)
	}
	return fmt.Sprintf("%s is held while %s %s%s; %s", h, w.subject(), w.what(), since, w.remedy())
}

// subject is what is slow, as it is written.
func (w *wording) subject() string {
	if _, ok := w.slow.At.(ssa.CallInstruction); ok && w.call != nil {
		return diag.Callee(w.call)
	}
	switch w.slow.At.(type) {
	case *ssa.Send:
		return "the send"
	case *ssa.Select:
		return "the select"
	}
	return "the receive"
}

// what says what it waits for, and where, if that is another place.
func (w *wording) what() string {
	s := w.slow.Slow
	text := "waits for " + s.What
	switch s.What {
	case catalog.Sleeps, catalog.Retries, catalog.RestOfRequest:
		text = s.What
	case slow.Lock:
		if w.slow.Lock != nil {
			text += fmt.Sprintf(" that is held at %s too, across %s", w.lockAt(), w.underLock())
		}
	}
	switch {
	case len(s.Chain) > 1 || len(s.Chain) == 1 && s.From != "" && s.From != s.Chain[0]:
		text += fmt.Sprintf(" (%s%s)", strings.TrimSpace(s.From+" at "+s.At), w.through())
	case len(s.Chain) == 1 && s.From == "": // a channel
		text += " (at " + s.At + ")"
	}
	if s.Assumed {
		text += ", in all implementations in sight"
	}
	return text
}

// through is the functions on the way, without the one that is named already.
func (w *wording) through() string {
	if len(w.slow.Slow.Chain) < 2 {
		return ""
	}
	return " through " + strings.Join(w.slow.Slow.Chain[1:], ", ")
}

func (w *wording) lockAt() string {
	return diag.Where(w.pass.Fset, w.node.Pos(), diag.PosOf(w.slow.Lock))
}

// underLock is the call that is made under the lock elsewhere.
func (w *wording) underLock() string {
	pos := diag.PosOf(w.slow.Lock)
	if call, _ := diag.CallIn(w.pass.Files, pos); call != nil {
		return diag.Callee(call)
	}
	return "another call"
}

// remedy is the way out.
func (w *wording) remedy() string {
	switch {
	case w.slow.Slow.What == catalog.Notification:
		return "listen on a connection of its own, or Hijack it"
	case w.slow.Slow.What == slow.Lock:
		return "lock before, or release first"
	case w.slow.Holder.Resource == catalog.Tx:
		return "do it before or after the transaction"
	}
	return "release it before"
}
