package output

import (
	"cmp"
	"encoding/json"
	"io"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/poolvet/poolvet/cmd/poolvet/internal/finding"
)

const (
	sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
	homepage    = "https://github.com/poolvet/poolvet"
	srcRoot     = "%SRCROOT%" // by convention the root of the sources
)

// sarif writes the findings in the Static Analysis Results Interchange Format, version 2.1.0, those that are silenced included.
func sarif(w io.Writer, r *Report) error {
	s := &sarifWriter{report: r, sources: make(sources)}
	for _, rule := range r.Rules {
		s.ruleIndex(rule)
	}
	run := sarifRun{
		Invocations:        []sarifInvocation{{ExecutionSuccessful: !r.Incomplete}},
		OriginalURIBaseIDs: map[string]sarifArtifact{srcRoot: {URI: fileURI(strings.TrimSuffix(r.root(), "/") + "/")}},
		ColumnKind:         "utf16CodeUnits",
		Results:            make([]sarifResult, 0, len(r.Findings)),
		DefaultEncoding:    "utf-8",
		DefaultLanguage:    "go",
	}
	for _, f := range r.Findings {
		run.Results = append(run.Results, s.result(f))
	}
	run.Tool.Driver = sarifDriver{Name: "poolvet", InformationURI: homepage, Version: r.Version, Rules: s.describeAll()}
	if number, ok := strings.CutPrefix(r.Version, "v"); ok {
		run.Tool.Driver.SemanticVersion = number
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(sarifLog{Schema: sarifSchema, Version: "2.1.0", Runs: []sarifRun{run}})
}

// sarifWriter makes one run.
type sarifWriter struct {
	report  *Report
	sources sources
	rules   []*analysis.Analyzer
}

// ruleIndex returns where the rule is in the list of rules, and adds it if it is not.
func (s *sarifWriter) ruleIndex(rule *analysis.Analyzer) int {
	i := slices.IndexFunc(s.rules, func(known *analysis.Analyzer) bool { return known.Name == rule.Name })
	if i < 0 {
		i = len(s.rules)
		s.rules = append(s.rules, rule)
	}
	return i
}

func (s *sarifWriter) result(f finding.Finding) sarifResult {
	d := f.Diagnostic
	main := s.location(s.sources.of(f))
	if f.Function != "" {
		name := strings.TrimPrefix(f.Function, f.Package.PkgPath+".")
		main.Logical = []sarifLogical{{Name: name, FullyQualifiedName: f.Function}}
	}
	result := sarifResult{
		RuleID:       f.Rule.Name,
		RuleIndex:    s.ruleIndex(f.Rule),
		Level:        sarifLevel(d.Category),
		Message:      sarifText{Text: linked(f)},
		Locations:    []sarifLocation{main},
		CodeFlows:    s.codeFlows(f),
		Fixes:        s.fixes(f),
		Suppressions: s.suppressions(f),
	}
	for i, rel := range d.Related {
		at := s.location(s.sources.related(f, rel))
		at.ID = i + 1
		at.Message = &sarifText{Text: rel.Message}
		result.RelatedLocations = append(result.RelatedLocations, at)
	}
	if f.Fingerprint != "" {
		result.PartialFingerprints = map[string]string{"poolvet/v1": f.Fingerprint}
	}
	return result
}

// linked is the message with the positions in it made links to the related locations: GitHub shows only those that are linked.
func linked(f finding.Finding) string {
	type link struct {
		from, to int
		id       string
	}
	var links []link
	for i, rel := range f.Diagnostic.Related {
		if from, to, ok := mention(f, rel); ok && !slices.ContainsFunc(links, func(l link) bool { return l.from == from }) {
			links = append(links, link{from, to, strconv.Itoa(i + 1)})
		}
	}
	slices.SortFunc(links, func(a, b link) int { return cmp.Compare(b.from, a.from) })
	text := f.Diagnostic.Message
	for _, l := range links { // from the last on, so that the others stay where they are
		text = text[:l.from] + "[" + text[l.from:l.to] + "](" + l.id + ")" + text[l.to:]
	}
	return text
}

// suppressions says why a finding is silenced. If that is known of one, the standard wants it to be known of all.
func (s *sarifWriter) suppressions(f finding.Finding) []sarifSuppression {
	switch {
	case f.Silenced != nil && f.Silenced.InSource:
		return []sarifSuppression{{Kind: "inSource", Justification: f.Silenced.Reason}}
	case f.Silenced != nil:
		return []sarifSuppression{{Kind: "external", Justification: f.Silenced.Reason}}
	case s.report.silences():
		return []sarifSuppression{}
	}
	return nil // nothing is silenced
}

// sarifLevel is the name of a tier.
func sarifLevel(tier string) string {
	if tier == "advice" {
		return "note"
	}
	return tier
}

// location is a place with its source.
func (s *sarifWriter) location(p place) sarifLocation {
	region := s.region(p)
	if text := s.sources.text(p); text != "" {
		region.Snippet = &sarifText{Text: text}
	}
	return sarifLocation{Physical: sarifPhysical{Artifact: s.artifact(p.start.Filename), Region: region}}
}

func (s *sarifWriter) region(p place) sarifRegion {
	return sarifRegion{
		StartLine: p.start.Line, StartColumn: s.sources.utf16Column(p.start),
		EndLine: p.end.Line, EndColumn: s.sources.utf16Column(p.end),
	}
}

// artifact names a file: below the root relative to it, so that the report is the same on every machine.
func (s *sarifWriter) artifact(file string) sarifArtifact {
	if rel := Relative(s.report.root(), file); rel != file {
		return sarifArtifact{URI: (&url.URL{Path: rel}).String(), URIBaseID: srcRoot}
	}
	return sarifArtifact{URI: fileURI(file)}
}

// fileURI is the URI of an absolute path.
func fileURI(path string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // a drive of Windows
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}
