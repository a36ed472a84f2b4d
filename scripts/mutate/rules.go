package main

import (
	"fmt"
	"go/types"
	"os"
	"reflect"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/packages"
)

// facts is what the analysis of one package tells others.
type facts struct {
	pkg     []analysis.Fact
	objects map[types.Object][]analysis.Fact
}

// sameAs reports whether two analyses of a package tell the same of it, although its objects are others.
func (f *facts) sameAs(g *facts) bool {
	return reflect.DeepEqual(f.pkg, g.pkg) && reflect.DeepEqual(f.byName(), g.byName())
}

func (f *facts) byName() map[string][]analysis.Fact {
	named := make(map[string][]analysis.Fact)
	for obj, all := range f.objects {
		named[types.ObjectString(obj, nil)] = append(named[types.ObjectString(obj, nil)], all...)
	}
	return named
}

// driver runs the rules. What packages tell of themselves is kept, so that of a program that changes in a few functions little is
// analyzed again. Only the analyzer that all rules share has facts.
type driver struct {
	p     *program
	rules []*analysis.Analyzer
	known map[*types.Package]*facts
}

// analyze runs the rules on a package whose imports have been analyzed, and returns its findings. Without rules, in a package of
// others, only what it tells is of interest.
func (d *driver) analyze(pkg *packages.Package, withRules bool) ([]finding, *facts, error) {
	told := &facts{objects: make(map[types.Object][]analysis.Fact)}
	d.known[pkg.Types] = told
	results := make(map[*analysis.Analyzer]any)
	var found []finding
	var run func(a *analysis.Analyzer) error
	run = func(a *analysis.Analyzer) error {
		if _, done := results[a]; done {
			return nil
		}
		pass := d.pass(a, pkg, told)
		for _, required := range a.Requires {
			if err := run(required); err != nil {
				return err
			}
			pass.ResultOf[required] = results[required]
		}
		pass.Report = func(diagnostic analysis.Diagnostic) {
			at := d.p.fset.Position(diagnostic.Pos)
			found = append(found, finding{a.Name, at.Filename, at.Line})
		}
		result, err := a.Run(pass)
		if err != nil {
			return fmt.Errorf("%s on %s: %w", a, pkg, err)
		}
		results[a] = result
		return nil
	}
	wanted := d.rules
	if !withRules {
		wanted = d.rules[0].Requires
	}
	for _, a := range wanted {
		if err := run(a); err != nil {
			return nil, nil, err
		}
	}
	return found, told, nil
}

// pass is what an analyzer sees of a package.
func (d *driver) pass(a *analysis.Analyzer, pkg *packages.Package, told *facts) *analysis.Pass {
	pass := &analysis.Pass{
		Analyzer: a, Fset: d.p.fset, Files: pkg.Syntax, Pkg: pkg.Types, TypesInfo: pkg.TypesInfo, TypesSizes: pkg.TypesSizes,
		ResultOf: make(map[*analysis.Analyzer]any), ReadFile: os.ReadFile,
		ImportObjectFact: func(obj types.Object, f analysis.Fact) bool {
			from := d.known[obj.Pkg()]
			return from != nil && get(from.objects[obj], f)
		},
		ImportPackageFact: func(pkg *types.Package, f analysis.Fact) bool {
			from := d.known[pkg]
			return from != nil && get(from.pkg, f)
		},
		ExportObjectFact:  func(obj types.Object, f analysis.Fact) { told.objects[obj] = append(told.objects[obj], f) },
		ExportPackageFact: func(f analysis.Fact) { told.pkg = append(told.pkg, f) },
	}
	if m := pkg.Module; m != nil {
		pass.Module = &analysis.Module{Path: m.Path, Version: m.Version, GoVersion: m.GoVersion}
	}
	return pass
}

// get copies the fact of a type, the newest, and reports whether there is one.
func get(all []analysis.Fact, f analysis.Fact) bool {
	for _, known := range slices.Backward(all) {
		if reflect.TypeOf(known) == reflect.TypeOf(f) {
			reflect.ValueOf(f).Elem().Set(reflect.ValueOf(known).Elem())
			return true
		}
	}
	return false
}
