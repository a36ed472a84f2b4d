package catalog

import (
	"fmt"
	"slices"
	"strings"

	"github.com/poolvet/poolvet/analyzer/internal/near"
)

// UserRow is a row as a user writes it in the configuration. Its fields mean what those of [Row] do.
type UserRow struct {
	Func          string   `json:"func"` // "(*example.com/app/db.Store).Rows", "example.com/app/db.Open"
	Kind          string   `json:"kind"`
	Resource      string   `json:"resource"`
	Type          string   `json:"type"`
	Result        int      `json:"result"`
	OutArg        int      `json:"out-arg"`
	Arg           int      `json:"arg"`
	Handle        int      `json:"handle"`
	Holds         string   `json:"holds"`
	Freed         []string `json:"freed"` // "Close", "Next=false", "Scan=err"; an empty list: only a consume row frees it
	Ctx           bool     `json:"ctx"`
	Alias         bool     `json:"alias"`
	Transient     bool     `json:"transient"`
	Blocks        bool     `json:"blocks"`
	Callback      bool     `json:"callback"`
	NothingOnErr  bool     `json:"nothing-on-error"`
	FreesReceiver bool     `json:"frees-receiver"`
	Each          bool     `json:"each"`
	Bound         string   `json:"bound"`
	BoundByMaker  bool     `json:"bound-by-maker"`
	Bounded       bool     `json:"bounded"`
	Note          string   `json:"note"`
}

// resourceWords is the resources a user may name.
var resourceWords = []string{
	string(Pool), string(Conn), string(Conns), string(Tx), string(Rows), string(Line), string(Batch), string(Stmt),
	string(Listener), string(Session),
}

// Row returns the row that u means. The error is a [RowError]: it names the key that is wrong and what it may be.
func (u UserRow) Row() (Row, error) {
	path, recv, name, err := splitFunc(u.Func)
	if err != nil {
		return Row{}, err
	}
	fail := func(key, format string, args ...any) (Row, error) {
		return Row{}, &RowError{Row: u.Func, Key: key, Text: fmt.Sprintf(format, args...)}
	}
	if u.Kind == "" {
		return fail("kind", "missing: one of %s", strings.Join(kindWords, ", "))
	}
	kind := slices.Index(kindWords, u.Kind)
	if kind < 0 {
		return fail("kind", "%s", near.Unknown("", u.Kind, kindWords))
	}
	if u.Resource != "" && !slices.Contains(resourceWords, u.Resource) {
		return fail("resource", "%s", near.Unknown("", u.Resource, resourceWords))
	}
	holds := Nothing
	if u.Holds != "" {
		i := slices.Index(holdsWords, u.Holds)
		if i < 0 {
			return fail("holds", "%s", near.Unknown("", u.Holds, holdsWords))
		}
		holds = Holds(i)
	}
	var freed []Event
	for _, s := range u.Freed {
		e, ok := parseEvent(s)
		if !ok {
			return fail("freed", "unknown %q: a method, or one with its outcome (Close, Next=false, Scan=err)", s)
		}
		freed = append(freed, e)
	}
	if Kind(kind) == Acquire && u.Freed == nil {
		return fail("freed", `missing: what frees the resource ("Close", "Next=false", "Scan=err"); [] when only a consume row does`)
	}
	r := Row{
		Path: path, Recv: recv, Func: name,
		Kind: Kind(kind), Resource: Resource(u.Resource), Type: u.Type, Result: u.Result, OutArg: u.OutArg, Arg: u.Arg, Handle: u.Handle,
		Holds: holds, Freed: freed, CtxFrees: u.Ctx, Alias: u.Alias, Transient: u.Transient, Blocks: u.Blocks, Callback: u.Callback,
		NothingOnErr: u.NothingOnErr, FreesReceiver: u.FreesReceiver,
		Each: u.Each, Bound: u.Bound, BoundByMaker: u.BoundByMaker, Bounded: u.Bounded, Note: u.Note,
		user: true,
	}
	if err := validateRow(&r); err != nil {
		return Row{}, err
	}
	return r, nil
}

// splitFunc splits a full function name: "(*example.com/app/db.Store).Rows" into the path, "*Store" and "Rows". Type arguments
// are dropped.
func splitFunc(full string) (path, recv, name string, err error) {
	if full == "" {
		return "", "", "", misfit("func", `missing: a full name, "(*example.com/app/db.Store).Rows" or "example.com/app/db.Open"`)
	}
	bad := func(why string) (string, string, string, error) {
		return "", "", "", misfit("func", `malformed %q: %s; write "(*example.com/app/db.Store).Rows" or "example.com/app/db.Open"`, full, why)
	}
	typ, isMethod := strings.CutPrefix(full, "(")
	if !isMethod {
		bare, _, _ := strings.Cut(full, "[") // Get[T]
		i := strings.LastIndex(bare, ".")
		if i <= 0 || !isIdent(bare[i+1:]) || !isPath(bare[:i]) {
			return bad("no package path and name")
		}
		return bare[:i], "", bare[i+1:], nil
	}
	typ, name, ok := strings.Cut(typ, ").")
	if !ok || !isIdent(name) {
		return bad("no method after the receiver")
	}
	typ, _, _ = strings.Cut(typ, "[") // Store[T]
	bare := strings.TrimPrefix(typ, "*")
	i := strings.LastIndex(bare, ".")
	if i <= 0 || !isIdent(bare[i+1:]) || !isPath(bare[:i]) {
		return bad("the receiver needs its package path")
	}
	return bare[:i], typ[:len(typ)-len(bare)] + bare[i+1:], name, nil
}

// isPath reports whether s could be an import path.
func isPath(s string) bool {
	return s != "" && !strings.ContainsAny(s, " ()[]*\"'`,;\\") && !strings.HasPrefix(s, "/") && !strings.HasSuffix(s, "/") && !strings.HasSuffix(s, ".")
}

func parseEvent(s string) (Event, bool) {
	method, outcome, hasOutcome := strings.Cut(s, "=")
	if !isIdent(method) {
		return Event{}, false
	}
	if !hasOutcome {
		return Event{Method: method}, true
	}
	i := slices.Index(whenWords, "="+outcome)
	if i < 0 {
		return Event{}, false
	}
	return Event{Method: method, When: When(i)}, true
}
