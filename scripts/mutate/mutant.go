package main

import (
	"fmt"
	"go/token"
	"go/types"
	"regexp"
	"slices"
)

// edit replaces a part of a file. It keeps the number of lines, so that what is said of other lines stays true.
type edit struct {
	start, end int // offsets
	text       string
}

// mutant is one change of one function.
type mutant struct {
	*operator
	in     *function
	pos    token.Position
	what   string
	edits  []edit
	others []edit // to be tried if the only edit does not compile
	anchor int    // where a statement can be put in, as an offset; 0: nowhere
	hint   string // what speaks for an equivalent mutant, for whoever reads the survivors

	caught *finding // by a rule that fits
	other  *finding // by another rule
}

func (m *mutant) String() string {
	return fmt.Sprintf("%s %s:%d %s", m.operator.name, m.pos.Filename, m.pos.Line, m.what)
}

// apply returns the content of a file with the edits of mutants.
func apply(text []byte, edits []edit) []byte {
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, func(a, b edit) int { return a.start - b.start })
	var out []byte
	at := 0
	for _, e := range edits {
		if e.start < at {
			continue // the same import, dropped by another mutant
		}
		out = append(append(out, text[at:e.start]...), e.text...)
		at = e.end
	}
	return append(out, text[at:]...)
}

var (
	unusedVar    = regexp.MustCompile(`^declared and not used: (\w+)$`)
	unusedImport = regexp.MustCompile(`imported (as \w+ )?and not used$`)
)

// compiles reports whether the package type-checks with the mutant. If all that is wrong is a variable or an import that nothing
// uses any more, the mutant uses it.
func (p *program) compiles(m *mutant) bool {
	if p.compilesAsIs(m) {
		return true
	}
	for _, other := range m.others {
		if m.edits = []edit{other}; p.compilesAsIs(m) {
			return true
		}
	}
	return false
}

func (p *program) compilesAsIs(m *mutant) bool {
	for range 4 {
		errs := p.checkFile(m.in.pkg, m.pos.Filename, m.edits)
		if len(errs) == 0 {
			return true
		}
		if !p.repair(m, errs) {
			return false
		}
	}
	return false
}

// repair adds edits against errors that are only about something unused.
func (p *program) repair(m *mutant, errs []types.Error) bool {
	for _, err := range errs {
		name := unusedVar.FindStringSubmatch(err.Msg)
		switch {
		case name != nil && m.anchor > 0:
			m.edits = append(m.edits, edit{m.anchor, m.anchor, "_ = " + name[1] + "; "})
		case unusedImport.MatchString(err.Msg):
			if !p.dropImport(m, err) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// dropImport makes an import blank.
func (p *program) dropImport(m *mutant, err types.Error) bool {
	line := err.Fset.Position(err.Pos).Line
	for _, spec := range m.in.file.Imports {
		at := p.fset.Position(spec.Pos())
		if at.Line != line {
			continue
		}
		m.edits = append(m.edits, edit{at.Offset, p.fset.Position(spec.End()).Offset, "_ " + spec.Path.Value})
		return true
	}
	return false
}
