package summary

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/obligation"
)

// usesDB marks a package that can reach a cataloged library. It is what lets all other packages cost nothing: pass.Pkg's
// own imports are exact in every driver, what lies behind them is not.
//
// It also lists the types of the package that have methods with facts. A driver that reads export data does not see the
// unexported ones, and those are what constructors return as interfaces.
type usesDB struct {
	Types   []implType
	Latents []Latent
}

func (*usesDB) AFact()         {}
func (*usesDB) String() string { return "usesDB" }

// lends reports whether a type of the package holds a connection while it runs what it is given.
func (u *usesDB) lends() bool {
	return slices.ContainsFunc(u.Types, func(t implType) bool {
		return slices.ContainsFunc(t.Methods, func(m implMethod) bool { return m.Fact != nil && len(m.Fact.Lends) > 0 })
	})
}

// implType is a type as an interface sees it: its methods by name and signature.
type implType struct {
	Name    string
	Methods []implMethod
}

type implMethod struct {
	Name, Sig string
	Abstract  bool      // promoted from an embedded interface: what it runs is not known
	Fact      *funcFact // nil if nothing is known of it
}

// funcFact is what other packages need to know of a function.
type funcFact struct {
	Owned    []Owned
	Effects  []Effect
	Builds   []Build // each time it is called
	Runs     []ParamRun
	Takes    []Take
	Lends    []Lend
	Slow     *Slow // what it waits for, nil for nothing
	Conns    int   // how many connections a call may hold at once
	Limits   *limitFact
	NoReturn bool
}

func (*funcFact) AFact() {}

// String is a readable effect for tests: "owns rows; p0 rows: released".
func (f *funcFact) String() string {
	var parts []string
	for _, o := range f.Owned {
		parts = append(parts, fmt.Sprintf("owns %s: %s", o.Class.Resource, join(o.Outcomes)))
	}
	for _, e := range f.Effects {
		parts = append(parts, fmt.Sprintf("p%d%s %s: %s", e.Param, e.Path, e.Class.Resource, join(e.Outcomes)))
	}
	for _, b := range f.Builds {
		parts = append(parts, "builds "+b.From)
	}
	for _, k := range f.Takes {
		parts = append(parts, "takes "+k.From)
	}
	for _, l := range f.Lends {
		parts = append(parts, fmt.Sprintf("lends %s to p%d", l.Take.From, l.Param))
	}
	for _, r := range f.Runs {
		parts = append(parts, fmt.Sprintf("runs p%d", r.Param))
	}
	if f.Limits != nil {
		for _, l := range f.Limits.Sets {
			parts = append(parts, fmt.Sprintf("sets %s of p%d", l.Setting, l.Param))
		}
		for _, l := range f.Limits.Limits {
			parts = append(parts, fmt.Sprintf("p%d is %s", l.Param, l.Setting))
		}
	}
	if f.NoReturn {
		parts = append(parts, "never returns")
	}
	return strings.Join(parts, "; ")
}

func join(out []obligation.Outcome) string {
	words := make([]string, len(out))
	for i, o := range out {
		words[i] = o.String()
	}
	return strings.Join(words, ", ")
}

// Owned is a resource that a call leaves with its caller.
type Owned struct {
	Class    catalog.Class
	Holds    catalog.Holds
	CtxFrees bool     // it ends with the context given to the call
	Ctx      int      // the parameter that is this context, -1 if it is not one
	Parent   int      // the parameter it was taken from, for what occupies a conn or tx; -1 if it is none
	From     string   // the library call that takes it: "(*pgxpool.Pool).Query"
	Methods  []Method // of a result that is an interface: what its methods do with the resource
	Outcomes []obligation.Outcome
}

// Method is what a method of a type does with a resource in it.
type Method struct {
	Name     string
	Path     string // where the resource is
	Outcomes []obligation.Outcome
}

// Effect is what a function does with a resource it is given.
type Effect struct {
	Param    int    // the receiver is number 0
	Path     string // the field of the parameter that has it, empty if it is the parameter itself
	Class    catalog.Class
	Outcomes []obligation.Outcome
}

// importFact returns what is known of a function of another package, nil if nothing is.
func importFact(pass *analysis.Pass, fn *types.Func) *funcFact {
	f := new(funcFact)
	if fn == nil || !pass.ImportObjectFact(fn.Origin(), f) {
		return nil
	}
	return f
}

// exportFact publishes what is known of a function of this package, and reports whether there is anything.
func exportFact(pass *analysis.Pass, fn *types.Func, f *funcFact) bool {
	if !f.ofConnections() && f.Slow == nil && !f.NoReturn {
		return false
	}
	pass.ExportObjectFact(fn, f)
	return true
}

// ofConnections reports whether the fact says anything of connections or pools.
func (f *funcFact) ofConnections() bool {
	return len(f.Owned)+len(f.Effects)+len(f.Builds)+len(f.Runs)+len(f.Takes)+len(f.Lends) > 0 || f.Limits != nil
}

// fieldFact says that what is stored in an exported field becomes a limit of a pool.
type fieldFact struct {
	Setting catalog.Setting
}

func (*fieldFact) AFact()           {}
func (f *fieldFact) String() string { return "is " + f.Setting.String() }

// importField returns the limit that a field of another package's struct becomes.
func importField(pass *analysis.Pass, field *types.Var) catalog.Setting {
	f := new(fieldFact)
	if field.Pkg() == nil || field.Pkg() == pass.Pkg || !pass.ImportObjectFact(field.Origin(), f) {
		return catalog.NoSetting
	}
	return f.Setting
}

// importLimits returns what is known of a function's way with limits, nil if nothing is.
func importLimits(pass *analysis.Pass, fn *types.Func) *limitFact {
	if f := importFact(pass, fn); f != nil {
		return f.Limits
	}
	return nil
}

// relevant reports whether the package can reach a cataloged library, and marks it.
func relevant(pass *analysis.Pass, c *catalog.Catalog) bool {
	if c.Within(pass.Pkg.Path()) {
		return false // the catalog says what is to be known of it
	}
	for _, p := range pass.Pkg.Imports() {
		if slices.Contains(c.Paths(), p.Path()) || c.IsLibrary(p.Path()) || pass.ImportPackageFact(p, new(usesDB)) {
			pass.ExportPackageFact(new(usesDB)) // replaced when its types are known
			return true
		}
	}
	return false
}

// foreign reports whether the package belongs to another module than the one under analysis. Settings do not apply to it: a
// driver that runs each package on its own, as the go command does, does not have them there.
func foreign(pass *analysis.Pass) bool { return pass.Module != nil && pass.Module.Version != "" }
