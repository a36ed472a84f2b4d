package command

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"

	"github.com/poolvet/poolvet/analyzer"
	"github.com/poolvet/poolvet/cmd/poolvet/internal/config"
)

// total is what was understood of the whole program.
type total struct {
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
func sum(graph *checker.Graph, summary *analysis.Analyzer) total {
	t := total{builds: make(map[string]int)}
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

// summarize says how much of the program was understood.
func (r *run) summarize(t total, findings int) {
	if t.Known == 0 && !r.incomplete {
		fmt.Fprintln(r.stderr, "poolvet: WARNING: no call that takes a database connection was recognized; "+
			"if there are any, name their functions under catalog in "+config.Name)
	}
	if t.GivenUp > 0 {
		fmt.Fprintf(r.stderr, "poolvet: %s in functions too large to follow: nothing is known of what they take\n", count(t.GivenUp, "call"))
	}
	fmt.Fprintf(r.stderr, "poolvet: %s in %s, %s; %s\n", count(t.Acquires, "acquiring call"), count(t.packages, "package"),
		count(t.Constructs, "constructor"), count(findings, "finding"))
}

// placesOfPools says what only the whole program shows: where pools are built, while nobody has said where they may be, and
// that several packages have one of their own.
func (r *run) placesOfPools(t total) {
	if !r.on("straypool") {
		return
	}
	if t.owners > 1 {
		fmt.Fprintf(r.stderr, "poolvet: %d packages have a pool of their own, and each counts against the server: %s\n",
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
	fmt.Fprintf(r.stderr, "poolvet: pools are built in %s; to have them built nowhere else, add to %s:\nallow: [%s]\n",
		strings.Join(said, ", "), config.Name, strings.Join(allow, ", "))
}

// connsAtOnce says which entry points hold more than one connection at once, and how large a pool is safe from deadlock then.
func (r *run) connsAtOnce(t total) {
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
	fmt.Fprintf(r.stderr, "poolvet: %s %s more than one connection at once: %s; n at a time with c connections each are safe from deadlock in a pool of n × (c − 1) + 1\n",
		count(len(t.needs), "entry point"), verb, strings.Join(said, ", "))
}

// maxPlaces is how many packages are named in a line; the setting names all.
const maxPlaces = 8

// on reports whether a rule runs.
func (r *run) on(name string) bool {
	return slices.ContainsFunc(r.rules, func(rule *analysis.Analyzer) bool { return rule.Name == name })
}

// count is "1 thing" or "n things".
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
