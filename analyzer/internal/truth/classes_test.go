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
		"database/sql releases when the context ends. A helper or a function literal is judged by itself, and there the context is of unknown origin.",
		func(d disagreement) bool { return d.f.Library == program.SQL && d.f.Has(program.Cancel) },
		false,
	},
	{
		"holdwait", missed, "held until the context ends",
		"What nothing but the end of the context releases is never released for holdwait, and so left to lostrelease, which excuses it.",
		func(d disagreement) bool { return d.f.Library == program.SQL && d.f.Has(program.Cancel) },
		true,
	},
	{
		"holdwait", missed, "the pool of a statement",
		"A statement of database/sql takes connections of the pool that it was prepared on. Which one that is, is followed in the plainest cases only.",
		func(d disagreement) bool { return d.f.Has(program.Prepare) },
		false,
	},
	{
		"holdwait", missed, "a getter in a goroutine",
		"Which pool a getter returns is not followed into a function literal that a goroutine runs.",
		func(d disagreement) bool { return d.f.Handle == program.Getter && d.f.Has(program.Go) },
		false,
	},
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
