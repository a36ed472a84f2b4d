package truth_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/poolvet/poolvet/analyzer/internal/truth/execute"
	"github.com/poolvet/poolvet/analyzer/internal/truth/program"
)

// disagreement is a place of which a rule and the runs say different things.
type disagreement struct {
	f    *program.Function
	rule string
	kind string // alarm or miss
	what string // the message, or the input under which it happens
	line int
	from string // the name of the function as it was generated
}

// tally counts places, by rule and by how they were judged.
type tally map[string]int

// ways to judge a place.
const (
	caught   = "caught"
	missed   = "missed"
	alarm    = "false alarm"
	unproven = "no input tried shows it, not all were tried"
	other    = "lostrelease says something else of the place"
	dead     = "in code that no input reaches"
)

// judged is what a comparison has found.
type judged struct {
	functions, runs, capped int
	hang                    int            // functions that do not return, and of which it is said
	bad, agree              map[string]int // functions by rule
	places                  tally
	open                    []disagreement
	faults                  []string
}

func newJudged() *judged {
	return &judged{bad: make(map[string]int), agree: make(map[string]int), places: make(tally)}
}

// thorough is how many more inputs are tried of a function in which a finding has not been shown yet.
const thorough = 25

// judge runs functions and compares.
func judge(t testing.TB, funcs []*program.Function, o execute.Options) *judged {
	t.Helper()
	b := execute.Write(t, testdata, funcs)
	said := verdicts(t, b)
	results := b.Run(t, o)
	for i, r := range results {
		if r.Capped && !shown(funcs[i], r, said[r.Name]) {
			o.Only = append(o.Only, r.Name)
		}
	}
	if o.Runs *= thorough; len(o.Only) > 0 {
		for i, r := range b.Run(t, o) {
			if r.Runs > 0 || r.Fault != "" {
				results[i] = r
			}
		}
	}
	j := newJudged()
	for i, r := range results {
		j.functions++
		j.runs += r.Runs
		if r.Capped {
			j.capped++
		}
		if r.Fault == execute.Hangs && hangs(said[r.Name]) {
			j.hang++
			continue // both say so, and what else it does is not known
		}
		if r.Fault != "" {
			j.faults = append(j.faults, r.Name+": "+r.Fault)
		}
		for _, rule := range []string{"lostrelease", "holdwait"} {
			before := len(j.open)
			c := newComparison(j, funcs[i], r, rule, said[r.Name])
			if c.compare() {
				j.bad[rule]++
			}
			if len(j.open) == before {
				j.agree[rule]++
			}
		}
	}
	return j
}

// hangs reports whether a rule says that a function does not return: a connection is closed while its rows are open.
func hangs(said []finding) bool {
	return slices.ContainsFunc(said, func(f finding) bool { return strings.Contains(f.message, "waits for ever") })
}

// shown reports whether the runs show all that is said of a function.
func shown(f *program.Function, r execute.Result, said []finding) bool {
	for _, rule := range []string{"lostrelease", "holdwait"} {
		j := newJudged()
		newComparison(j, f, r, rule, said).compare()
		if j.places[rule+": "+unproven] > 0 {
			return false
		}
	}
	return true
}

// add adds what another comparison has found.
func (j *judged) add(k *judged) {
	j.functions, j.runs, j.capped, j.hang = j.functions+k.functions, j.runs+k.runs, j.capped+k.capped, j.hang+k.hang
	for _, rule := range []string{"lostrelease", "holdwait"} {
		j.bad[rule] += k.bad[rule]
		j.agree[rule] += k.agree[rule]
	}
	for place, n := range k.places {
		j.places[place] += n
	}
	j.open, j.faults = append(j.open, k.open...), append(j.faults, k.faults...)
}

// comparison compares what one rule says of one function.
type comparison struct {
	j    *judged
	f    *program.Function
	r    execute.Result
	rule string
	said []finding
	also []finding // which say as much of a place, but not that a connection is missing
}

func newComparison(j *judged, f *program.Function, r execute.Result, rule string, said []finding) *comparison {
	c := &comparison{j: j, f: f, r: r, rule: rule}
	for _, found := range said {
		switch {
		case found.rule == rule && found.slot:
			c.said = append(c.said, found)
		case found.rule == "lostrelease":
			c.also = append(c.also, found)
		}
	}
	return c
}

// compare compares, and reports whether the function is bad.
func (c *comparison) compare() bool {
	if c.rule == "holdwait" && c.f.Concurrent() {
		return c.whole()
	}
	// What is out when the function panics ends with the process.
	bad, known, reached := c.r.Leaks, slices.Concat(c.r.Leaks, c.r.Ended), c.r.Takes
	if c.rule == "holdwait" {
		// What is held and never released is for lostrelease to say, but may be said.
		bad, known, reached = c.r.Waits, slices.Concat(c.r.Waits, c.r.Lost), c.r.Asks
	}
	for _, s := range bad {
		at := func(f finding) bool { return slices.Contains(s.Lines, f.line) }
		switch {
		case slices.ContainsFunc(c.said, at):
			c.count(caught)
		case slices.ContainsFunc(c.also, at):
			c.count(other)
		default:
			c.disagree(missed, fmt.Sprintf("line %d at %s", s.Lines[0], s.Input), s.Lines[0])
		}
	}
	for _, f := range c.said {
		at := func(s execute.Site) bool { return slices.Contains(s.Lines, f.line) }
		switch {
		case slices.ContainsFunc(known, at): // counted above
		case c.r.Capped:
			c.count(unproven)
		case !slices.ContainsFunc(reached, at):
			c.count(dead)
		default:
			c.disagree(alarm, f.message, f.line)
		}
	}
	return len(bad) > 0
}

// whole compares a function that starts goroutines: that it blocks is known, but not where.
func (c *comparison) whole() bool {
	switch blocks := c.r.Blocks != ""; {
	case blocks && len(c.said) > 0:
		c.count(caught)
	case blocks && len(c.also) > 0:
		c.count(other)
	case blocks:
		c.disagree(missed, "blocks at "+c.r.Blocks, 0)
	case len(c.said) == 0 || c.r.Stuck != "": // it blocks with what it has lost
	case c.r.Capped:
		c.count(unproven)
	case !slices.ContainsFunc(c.r.Asks, c.reached):
		c.count(dead) // nothing is asked for there
	default:
		c.disagree(alarm, c.said[0].message, c.said[0].line)
	}
	return c.r.Blocks != ""
}

// reached reports whether a connection is asked for where the first finding says so: in its line, or by the call of a goroutine
// that it names.
func (c *comparison) reached(asks execute.Site) bool {
	f := c.said[0]
	call := inGoroutines.FindStringSubmatch(f.message)
	if call == nil {
		return slices.Contains(asks.Lines, f.line)
	}
	source, _ := c.f.Source("p")
	lines := strings.Split(string(source), "\n")
	return asks.Spawned && slices.ContainsFunc(asks.Lines, func(l int) bool { return strings.Contains(lines[l-1], "."+call[1]+"(") })
}

// inGoroutines finds the method that the goroutines call which are waited for.
var inGoroutines = regexp.MustCompile(`waits for goroutines .* \(\w+\.(\w+)[^()]*\);`)

func (c *comparison) count(how string) { c.j.places[c.rule+": "+how]++ }

func (c *comparison) disagree(how, what string, line int) {
	c.count(how)
	c.j.open = append(c.j.open, disagreement{f: c.f, rule: c.rule, kind: how, what: what, line: line})
}
