package truth_test

import (
	"strings"

	"github.com/poolvet/poolvet/analyzer/internal/truth/program"
)

// class is a kind of disagreement that stays, with its reason.
type class struct {
	rule, kind string
	name       string
	reason     string
	is         func(d disagreement) bool
	rare       bool // too rare for the functions of every run
}

// classes is all that stays. A disagreement that is in none of them fails the test; so does a class that nothing is in, unless it is
// rare.
var classes = []class{
	{
		"lostrelease", alarm, "the caller's context ends it",
		"database/sql releases when the context ends. A helper, and a literal that a helper runs, is judged by itself: the context is of unknown origin there.",
		func(d disagreement) bool {
			return d.f.Library == program.SQL && d.f.Has(program.Cancel) && (len(d.f.Helpers) > 0 || d.f.Has(program.InTx, program.InConn))
		},
		false,
	},
	{
		"lostrelease", alarm, "a Close that cannot fail",
		"A Close is taken to be able to fail. That of a connection of database/sql does so only if it was closed before.",
		func(d disagreement) bool { return strings.Contains(d.what, "when Close fails") },
		true,
	},
	{
		"lostrelease", alarm, "an error that conditions exclude",
		"What a helper returns is looked at without its conditions, where it is not given the resource.",
		func(d disagreement) bool { return len(d.f.Helpers) > 0 && asksTwice(d.f) },
		true,
	},
	{
		"holdwait", alarm, "an error that conditions exclude",
		"What a helper returns is looked at without its conditions, where it is not given the resource.",
		func(d disagreement) bool { return len(d.f.Helpers) > 0 && asksTwice(d.f) },
		true,
	},
	{
		"lostrelease", missed, "a panic that nobody has written",
		"Where an error is ignored, the next use of what is nil then panics, and a deferred recover hides that.",
		func(d disagreement) bool {
			return d.f.Has(program.Recover) && has(d.f, func(n *program.Node) bool { return n.Style == program.ErrIgnore })
		},
		true,
	},
	{
		"holdwait", alarm, "a loop over closed rows",
		"Rows that are closed inside of the loop over them end it, and those of a callback are closed before it returns: exotic, and not followed.",
		func(d disagreement) bool { return has(d.f, closesWhatItReads) },
		true,
	},
	{
		"holdwait", alarm, "a dead branch of a goroutine",
		"What a goroutine takes counts in whatever branch it stands, also in one that the conditions around it exclude.",
		func(d disagreement) bool { return d.f.Has(program.Go) && asksTwice(d.f) },
		true,
	},
	{
		"holdwait", missed, "held until the context ends",
		"What a function literal takes is taken to be released when it returns. The end of the context comes later.",
		func(d disagreement) bool { return d.f.Library == program.SQL && d.f.Has(program.Cancel) },
		true,
	},
}

// has reports whether a function has a statement of a kind.
func has(f *program.Function, is func(*program.Node) bool) bool {
	found := false
	f.Each(func(n *program.Node) { found = found || is(n) })
	return found
}

// closesWhatItReads reports whether a statement is a loop over rows that closes them, or a callback for each row that does.
func closesWhatItReads(n *program.Node) bool {
	found := false
	n.Each(func(in *program.Node) { found = found || in.Op == program.Release && in.On == n.On })
	return found && (n.Op == program.Read || n.Op == program.Each)
}

// asksTwice reports whether a function has a condition that is asked again, which it may have an answer to by then.
func asksTwice(f *program.Function) bool {
	times := make(map[string]int)
	return has(f, func(n *program.Node) bool {
		cond := strings.TrimPrefix(n.Cond, "!")
		if n.Op == program.If {
			times[cond]++
		}
		return times[cond] > 1
	})
}

// classOf returns the class of a disagreement, or nil.
func classOf(d disagreement) *class {
	for i, c := range classes {
		if c.rule == d.rule && c.kind == d.kind && c.is(d) {
			return &classes[i]
		}
	}
	return nil
}

// String is a line of the report.
func (c class) String() string { return strings.Join([]string{c.rule, c.kind, c.name}, ": ") }
