package main

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"os"
	"strings"
)

// report is what became of the mutants of a program.
type report struct {
	p         *program
	program   string
	functions int            // that are silent
	sites     map[string]int // operator → places, also where the mutant does not compile
	mutants   []*mutant
}

func compare(a, b finding) int {
	return cmp.Or(strings.Compare(a.file, b.file), a.line-b.line, strings.Compare(a.rule, b.rule))
}

func byPlace(a, b *mutant) int {
	return cmp.Or(strings.Compare(a.pos.Filename, b.pos.Filename), a.pos.Offset-b.pos.Offset, strings.Compare(a.operator.name, b.operator.name))
}

// print writes the table of the operators and the survivors.
func (r *report) print(w io.Writer, all bool) {
	fmt.Fprintf(w, "%s: %d functions without a finding, %d mutants\n", r.program, r.functions, len(r.mutants))
	fmt.Fprintf(w, "%-14s %6s %9s %7s %9s %6s\n", "operator", "sites", "compiled", "caught", "survived", "score")
	var sites, total, totalCaught int
	for _, op := range operators {
		n, caught := 0, 0
		for _, m := range r.mutants {
			if m.operator == op {
				n++
				if m.caught != nil {
					caught++
				}
			}
		}
		if r.sites[op.name] > 0 {
			line(w, op.name, r.sites[op.name], n, caught)
		}
		sites, total, totalCaught = sites+r.sites[op.name], total+n, totalCaught+caught
	}
	line(w, "all", sites, total, totalCaught)
	fmt.Fprintln(w, "\nsurvivors:")
	for _, m := range r.mutants {
		if m.caught == nil || all {
			fmt.Fprintln(w, strings.ReplaceAll(strings.Join(r.fields(m), "  "), "    ", "  "))
		}
	}
	fmt.Fprintln(w)
}

func line(w io.Writer, name string, sites, n, caught int) {
	score := "–"
	if n > 0 {
		score = fmt.Sprintf("%.0f %%", 100*float64(caught)/float64(n))
	}
	fmt.Fprintf(w, "%-14s %6d %9d %7d %9d %6s\n", name, sites, n, caught, n-caught, score)
}

// fields is what there is to say of a mutant: operator, place, outcome, change, hint.
func (r *report) fields(m *mutant) []string {
	outcome := "survived"
	switch {
	case m.caught != nil:
		outcome = fmt.Sprintf("caught by %s at %s:%d", m.caught.rule, r.p.rel(m.caught.file), m.caught.line)
	case m.other != nil:
		outcome = fmt.Sprintf("survived, but %s at %s:%d", m.other.rule, r.p.rel(m.other.file), m.other.line)
	}
	place := fmt.Sprintf("%s:%d", r.p.rel(m.pos.Filename), m.pos.Line)
	return []string{m.operator.name, place, outcome, m.what, m.hint}
}

// appendTo adds one line for each mutant to a file, with the program first.
func (r *report) appendTo(name string) error {
	var out bytes.Buffer
	for _, m := range r.mutants {
		fmt.Fprintln(&out, r.program+"\t"+strings.Join(r.fields(m), "\t"))
	}
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	if _, err := f.Write(out.Bytes()); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
