package command

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"

	"github.com/poolvet/poolvet/analyzer"
	"github.com/poolvet/poolvet/cmd/poolvet/internal/config"
	"github.com/poolvet/poolvet/cmd/poolvet/internal/finding"
)

// understood is what was understood of the whole program.
type understood struct {
	analyzer.Coverage
	packages int            // that take connections
	builds   map[string]int // constructors, by package; those of main packages under "main", those of helpers of tests left out
	vars     []string       // package variables that hold a pool, by package
	owners   int            // packages that have such
	needs    []need         // entry points that hold more than one connection at once
}

// need is an entry point, with its package.
type need struct {
	name  string
	conns int
}

// sum adds up the coverage of the packages. One with tests has its files twice: the larger number counts.
func sum(graph *checker.Graph, summary *analysis.Analyzer) understood {
	t := understood{builds: make(map[string]int)}
	seen := make(map[string]bool)
	for _, act := range graph.Roots {
		if act.Analyzer != summary {
			continue
		}
		c := analyzer.CoverageOf(act.Result)
		t.Acquires += c.Acquires
		t.Constructs += c.Constructs
		t.GivenUp += c.GivenUp
		t.Known += c.Known
		if c.Acquires > 0 {
			t.packages++
		}
		path := act.Package.PkgPath
		if seen[path] {
			continue // the same package with its tests
		}
		seen[path] = true
		place := path
		if act.Package.Name == "main" {
			place = "main"
		}
		if builds := c.Constructs - c.ForTests; builds > 0 {
			t.builds[place] += builds
		}
		if len(c.PoolVars) > 0 {
			t.owners++
		}
		for _, name := range c.PoolVars {
			t.vars = append(t.vars, path+"."+name)
		}
		for _, n := range analyzer.NeedsOf(act.Result) {
			t.needs = append(t.needs, need{path + "." + n.Func, n.Conns})
		}
	}
	slices.Sort(t.vars)
	slices.SortFunc(t.needs, func(a, b need) int { return cmp.Or(cmp.Compare(b.conns, a.conns), cmp.Compare(a.name, b.name)) })
	return t
}

// summarize says how much of the program was understood, and what was found.
func (l *linter) summarize(found *report) {
	t := found.understood
	if t.Known == 0 && !found.incomplete {
		l.say("WARNING: no call that takes a database connection was recognized; if there are any, name their functions under catalog in %s", config.Name)
	}
	if t.GivenUp > 0 {
		l.say("%s in functions too large to follow: nothing is known of what they take", count(t.GivenUp, "call"))
	}
	l.say("%s in %s, %s; %s%s", count(t.Acquires, "acquiring call"), count(t.packages, "package"), count(t.Constructs, "constructor"),
		tally(found.findings), l.elapsed())
}

// tally counts the findings by rule, and those that are not reported.
func tally(findings []finding.Finding) string {
	byRule := make(map[string]int)
	var total, known, silenced int
	for _, f := range findings {
		switch {
		case f.Silenced == nil:
			total++
			byRule[f.Rule.Name]++
		case f.Silenced.InSource:
			silenced++
		default:
			known++
		}
	}
	text := count(total, "finding")
	rules := slices.SortedFunc(maps.Keys(byRule), func(a, b string) int {
		return cmp.Or(cmp.Compare(byRule[b], byRule[a]), strings.Compare(a, b))
	})
	for i, rule := range rules {
		rules[i] = fmt.Sprintf("%d %s", byRule[rule], rule)
	}
	if len(rules) > 0 {
		text += " (" + strings.Join(rules, ", ") + ")"
	}
	if known > 0 {
		text += fmt.Sprintf(", %d in the baseline", known)
	}
	if silenced > 0 {
		text += fmt.Sprintf(", %d silenced by comments", silenced)
	}
	return text
}

// elapsed is how long the run took, for a person: what a file keeps is the same each time.
func (l *linter) elapsed() string {
	if !isTerminal(l.stderr) {
		return ""
	}
	return fmt.Sprintf("; %.1f s", time.Since(l.start).Seconds())
}

// placesOfPools says what only the whole program shows: where pools are built, while nobody has said where they may be, and
// that several packages have one of their own.
func (r *run) placesOfPools(t understood) {
	if !r.on("straypool") {
		return
	}
	if t.owners > 1 {
		r.say("%d packages have a pool of their own, and each counts against the server: %s",
			t.owners, strings.Join(t.vars, ", "))
	}
	if len(r.options.Allow) > 0 || len(t.builds) == 0 {
		return
	}
	places := slices.Sorted(maps.Keys(t.builds))
	said, allow := make([]string, len(places)), make([]string, len(places))
	for i, place := range places {
		allow[i] = fmt.Sprintf("%q", place)
		if place == "main" {
			place = "main packages"
		}
		said[i] = fmt.Sprintf("%s (%d)", place, t.builds[places[i]])
	}
	if more := len(said) - maxPlaces; more > 1 {
		said = append(said[:maxPlaces], fmt.Sprintf("%d more packages", more))
	}
	r.say("pools are built in %s; to have them built nowhere else, add to %s:\nallow: [%s]",
		strings.Join(said, ", "), config.Name, strings.Join(allow, ", "))
}

// connsAtOnce says which entry points hold more than one connection at once, and how large a pool is safe from deadlock then.
func (r *run) connsAtOnce(t understood) {
	if !r.on("holdwait") || len(t.needs) == 0 {
		return
	}
	said := make([]string, 0, maxPlaces)
	for _, n := range t.needs[:min(len(t.needs), maxPlaces)] {
		conns := fmt.Sprint(n.conns)
		if n.conns >= analyzer.MaxConns {
			conns = "one more on each level of a recursion"
		}
		said = append(said, fmt.Sprintf("%s (%s)", n.name, conns))
	}
	if more := len(t.needs) - len(said); more > 0 {
		said = append(said, fmt.Sprintf("%d more", more))
	}
	verb := "holds"
	if len(t.needs) > 1 {
		verb = "hold"
	}
	r.say("%s %s more than one connection at once: %s; n at a time with c connections each are safe from deadlock in a pool of n × (c − 1) + 1",
		count(len(t.needs), "entry point"), verb, strings.Join(said, ", "))
}

// maxPlaces is how many packages are named in a line; the setting names all.
const maxPlaces = 8

// count is "1 thing" or "n things".
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	if stem, ok := strings.CutSuffix(thing, "y"); ok {
		return fmt.Sprintf("%d %sies", n, stem)
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
