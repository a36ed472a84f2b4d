package output

import (
	"go/token"

	"golang.org/x/tools/go/analysis"

	"github.com/poolvet/poolvet/cmd/poolvet/internal/finding"
)

// flow says in which order control comes to a finding and its related positions.
type flow struct {
	note  string // on the finding
	first bool   // the finding comes before what is related: each of these is the end of a path of its own
}

// flows is by rule. Where a rule is missing, the related position is no step on the way: it explains.
var flows = map[string]flow{
	"lostrelease": {note: "taken here", first: true},
	"holdwait":    {note: "another connection is wanted here"},
	"slowhold":    {note: "waits here"},
	"straypool":   {note: "built here"},
}

// afterwards is the related position of a rule that comes after the finding, while its others come before: the lock of slowhold.
const afterwards = "done under the lock here"

// codeFlows is the ways through the code that end in what is wrong.
func (s *sarifWriter) codeFlows(f finding.Finding) []sarifCodeFlow {
	order, ok := flows[f.Rule.Name]
	if !ok || len(f.Diagnostic.Related) == 0 {
		return nil // no way to show
	}
	main := s.step(s.sources.of(f), order.note)
	var all []sarifCodeFlow
	var before, after []sarifStep
	for _, rel := range f.Diagnostic.Related {
		step := s.step(s.sources.related(f, rel), rel.Message)
		switch {
		case order.first:
			all = append(all, codeFlow(main, step))
		case rel.Message == afterwards:
			after = append(after, step)
		default:
			before = append(before, step)
		}
	}
	if order.first {
		return all
	}
	return []sarifCodeFlow{codeFlow(append(append(before, main), after...)...)}
}

func codeFlow(steps ...sarifStep) sarifCodeFlow {
	return sarifCodeFlow{ThreadFlows: []sarifThreadFlow{{Locations: steps}}}
}

func (s *sarifWriter) step(p place, note string) sarifStep {
	at := sarifLocation{Physical: sarifPhysical{Artifact: s.artifact(p.start.Filename), Region: s.region(p)}}
	at.Message = &sarifText{Text: note}
	return sarifStep{Location: at}
}

// fixes is the fix that -fix would apply.
func (s *sarifWriter) fixes(f finding.Finding) []sarifFix {
	if len(f.Diagnostic.SuggestedFixes) == 0 {
		return nil // it takes a human
	}
	first := f.Diagnostic.SuggestedFixes[0]
	fix := sarifFix{Description: sarifText{Text: first.Message}}
	changes := make(map[string]int) // by file, the index in fix.Changes
	for _, edit := range first.TextEdits {
		deleted := s.edited(f, edit)
		file := deleted.start.Filename
		if _, ok := changes[file]; !ok {
			changes[file] = len(fix.Changes)
			fix.Changes = append(fix.Changes, sarifChange{Artifact: s.artifact(file)})
		}
		change := &fix.Changes[changes[file]]
		replacement := sarifReplacement{Deleted: s.region(deleted)}
		if len(edit.NewText) > 0 {
			replacement.Inserted = &sarifText{Text: string(edit.NewText)}
		}
		change.Replacements = append(change.Replacements, replacement)
	}
	if len(fix.Changes) == 0 {
		return nil // a fix without edits says in words what to do
	}
	return []sarifFix{fix}
}

// edited is the range that an edit replaces; empty for an insertion.
func (s *sarifWriter) edited(f finding.Finding, edit analysis.TextEdit) place {
	end := edit.End
	if end == token.NoPos {
		end = edit.Pos
	}
	return place{f.Package.Fset.Position(edit.Pos), f.Package.Fset.Position(end)}
}
