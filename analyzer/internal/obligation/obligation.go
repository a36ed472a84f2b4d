// Package obligation says what can become of a resource that has to be given back: the states of the debt, and the ways in
// which a call or a function can change it. It is pure: no program, no library.
package obligation

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Status is the state of one obligation on one path.
type Status uint8

const (
	None     Status = iota // not acquired on this path, or nothing was held because the acquire failed
	Held                   // this function owes the release
	Released               // discharged
	Escaped                // somebody else owes it now: stored, sent, or given to code that is not known
)

func (s Status) String() string {
	return [...]string{"none", "held", "released", "escaped"}[s]
}

// Subject is what a condition or a place speaks of.
type Subject uint8

const (
	Result  Subject = iota // a result of the function
	Param                  // a parameter, the receiver being number 0 of a method
	Pointee                // what a pointer parameter points to
)

// Is is what a condition says of its subject.
type Is uint8

const (
	Nil Is = iota
	NotNil
	True
	False
)

// Not returns the opposite.
func (i Is) Not() Is { return [...]Is{NotNil, Nil, False, True}[i] }

// Cond is a condition on a parameter before the call or on a result after it.
type Cond struct {
	Of    Subject
	Index int
	Path  string // of a result: the field meant, empty for the result itself
	Is    Is
}

// Place says where the resource can be reached after the call.
type Place struct {
	Of    Subject
	Index int
	Path  string // of fields, as flow writes it; empty: the value itself
}

// Outcome is one way a call can end, as far as one resource is concerned.
type Outcome struct {
	Status    Status
	When      []Cond  // all hold with this outcome
	At        []Place // Held or Escaped: where it is
	Releasers []Place // Held: functions which release it when called
	Guarded   bool    // it depends on a state that the receiver keeps, such as a flag that it was closed before
}

func (o Outcome) key() string {
	return fmt.Sprint(o.Status, o.When, o.At, o.Releasers)
}

// Guarded drops the outcomes that leave the resource with a receiver which has released it before: a Close that looks at a
// flag first is a release for all its callers.
func Guarded(out []Outcome) []Outcome {
	if Any(out, Released) {
		out = slices.DeleteFunc(out, func(o Outcome) bool { return o.Status == Held && o.Guarded })
	}
	for i := range out {
		out[i].Guarded = false
	}
	return out
}

// Lenient takes an error that comes with a release to mean the release. An iterator of a program's own returns an error both
// when it has come to its end and when it has failed; which one it is, only the error itself says.
func Lenient(out []Outcome) []Outcome {
	var kept []Outcome
	for _, o := range out {
		if o.Status == Held {
			for _, c := range errorsOf(out) {
				if slices.Contains(o.When, c) {
					o.Status = None // dropped below
				} else if opposite := (Cond{Of: Result, Index: c.Index, Is: Nil}); !slices.Contains(o.When, opposite) {
					o.When = append(slices.Clone(o.When), opposite)
				}
			}
		}
		if o.Status != None {
			kept = append(kept, o)
		}
	}
	return kept
}

// errorsOf lists the results that are not nil when an outcome releases.
func errorsOf(out []Outcome) []Cond {
	var conds []Cond
	for _, o := range out {
		if o.Status != Released {
			continue // only a release says something of the others
		}
		for _, c := range o.When {
			if c.Of == Result && c.Path == "" && c.Is == NotNil && !slices.Contains(conds, c) {
				conds = append(conds, c)
			}
		}
	}
	return conds
}

// maxOutcomes is how many outcomes of one call are kept apart: every one splits the states of every caller.
const maxOutcomes = 6

// Normalize sorts outcomes, drops duplicates and conditions that decide nothing, and forgets conditions where there are too many to keep apart.
func Normalize(out []Outcome) []Outcome {
	for i := range out {
		slices.SortFunc(out[i].When, func(a, b Cond) int {
			return cmp.Or(cmp.Compare(a.Of, b.Of), cmp.Compare(a.Index, b.Index), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Is, b.Is))
		})
	}
	out = unique(out)
	if same(out) {
		return []Outcome{{Status: out[0].Status}} // it does not matter how the call ends
	}
	if len(out) > maxOutcomes {
		for i := range out {
			out[i].When = nil
		}
		out = unique(out)
	}
	return out
}

// same reports whether all outcomes have one status and lead nowhere.
func same(out []Outcome) bool {
	for _, o := range out {
		if o.Status != out[0].Status || len(o.At) > 0 || len(o.Releasers) > 0 || o.Guarded {
			return false
		}
	}
	return len(out) > 0
}

func unique(out []Outcome) []Outcome {
	slices.SortFunc(out, func(a, b Outcome) int { return strings.Compare(a.key(), b.key()) })
	return slices.CompactFunc(out, func(a, b Outcome) bool { return a.key() == b.key() })
}

// All reports whether every outcome has the status; false if there is none.
func All(out []Outcome, s Status) bool {
	for _, o := range out {
		if o.Status != s {
			return false
		}
	}
	return len(out) > 0
}

// Any reports whether some outcome has the status.
func Any(out []Outcome, s Status) bool {
	return slices.ContainsFunc(out, func(o Outcome) bool { return o.Status == s })
}

// String is for tests and facts: "released", "held when r0 not nil".
func (o Outcome) String() string {
	var b strings.Builder
	b.WriteString(o.Status.String())
	for _, p := range o.At {
		fmt.Fprintf(&b, " at %s%d%s", letter(p.Of), p.Index, p.Path)
	}
	for _, r := range o.Releasers {
		fmt.Fprintf(&b, " released by %s%d%s", letter(r.Of), r.Index, r.Path)
	}
	for i, c := range o.When {
		word := " and"
		if i == 0 {
			word = " when"
		}
		fmt.Fprintf(&b, "%s %s%d%s %s", word, letter(c.Of), c.Index, c.Path, [...]string{"nil", "not nil", "true", "false"}[c.Is])
	}
	return b.String()
}

func letter(s Subject) string { return [...]string{"r", "p", "*p"}[s] }
