// Package baseline keeps the findings that a code base had when poolvet came, so that only new ones are reported.
//
// An entry names the rule, the function and the fingerprint of a finding, and never a line: what is new is told from findings. A
// changed line is not enough for that in this field: a new query in a helper makes a caller wait that nobody has touched.
package baseline

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/poolvet/poolvet/analyzer"
	"github.com/poolvet/poolvet/cmd/poolvet/internal/config"
	"github.com/poolvet/poolvet/cmd/poolvet/internal/finding"
	"github.com/poolvet/poolvet/cmd/poolvet/internal/write"
)

// Name is the file beside go.mod.
const Name = ".poolvet-baseline.yml"

// version is that of the file's form.
const version = 1

// Baseline is the content of the file.
type Baseline struct {
	Version  int     `yaml:"version"`
	Findings []Entry `yaml:"findings"`
}

// Entry is one finding that is not reported.
type Entry struct {
	Rule        string `yaml:"rule"`
	Function    string `yaml:"function"`
	Fingerprint string `yaml:"fingerprint"`
	Message     string `yaml:"message"`          // for the reader
	Reason      string `yaml:"reason,omitempty"` // the user's, kept when the file is written again
}

// key is what makes a finding and an entry one.
type key struct{ rule, function, fingerprint string }

func (e Entry) key() key { return key{e.Rule, e.Function, e.Fingerprint} }

func keyOf(f finding.Finding) key { return key{f.Rule.Name, f.Function, f.Fingerprint} }

// In reports whether the entry is of one of the packages.
func (e Entry) In(paths []string) bool {
	return slices.ContainsFunc(paths, func(path string) bool {
		rest, ok := strings.CutPrefix(e.Function, path)
		return ok && (rest == "" || rest[0] == '.' && !strings.Contains(rest, "/")) // example.com/a.b/c is not in example.com/a
	})
}

// Read returns the baseline in a file, one without entries if there is no such file. The error names file and line.
func Read(file string) (*Baseline, error) {
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return &Baseline{Version: version}, nil
	}
	if err != nil {
		return nil, err
	}
	b, err := decode(data)
	if err != nil {
		return nil, fmt.Errorf("%s%w", filepath.Base(file), err)
	}
	if b.Version != version {
		return nil, fmt.Errorf("%s: version %d is not known to this poolvet, which writes %d", filepath.Base(file), b.Version, version)
	}
	return b, nil
}

// wayOut is what to do with a file that cannot be read.
const wayOut = "restore the file, or remove it and run 'poolvet baseline'"

// decode reads the one document of the file. The error begins with ":line" if that is known.
func decode(data []byte) (*Baseline, error) {
	if n := conflict(data); n > 0 {
		return nil, fmt.Errorf(":%d: a merge conflict; keep the entries of both sides, then run 'poolvet baseline'", n)
	}
	b := new(Baseline)
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	switch err := decoder.Decode(b); {
	case errors.Is(err, io.EOF):
		return nil, fmt.Errorf(": is empty; %s", wayOut)
	case err != nil:
		return nil, fmt.Errorf("%s; %s", wrong(err), wayOut)
	}
	if next := new(yaml.Node); decoder.Decode(next) == nil {
		return nil, fmt.Errorf(":%d: a second document, which would not be read; %s", next.Line, wayOut)
	}
	return b, nil
}

// conflict returns the first line that Git has left in a file that it could not merge, or 0.
func conflict(data []byte) int {
	n := 0
	for line := range bytes.Lines(data) {
		n++
		if bytes.HasPrefix(line, []byte("<<<<<<< ")) || bytes.HasPrefix(line, []byte(">>>>>>> ")) {
			return n
		}
	}
	return 0
}

var (
	unknownKey = regexp.MustCompile(`\bfield (\S+) not found in type \S+$`)
	otherForm  = regexp.MustCompile("\\bcannot unmarshal !!\\w+ (`.*` )?into .*")
)

// keys is those of the file and of an entry.
var keys = []string{"findings", "fingerprint", "function", "message", "reason", "rule", "version"}

// wrong says what the YAML package found, with the line first.
func wrong(err error) string {
	text := otherForm.ReplaceAllString(config.SyntaxError(err).Error(), "is not what belongs here")
	if key := unknownKey.FindStringSubmatch(text); key != nil {
		text = strings.Replace(text, key[0], analyzer.Unknown("key", key[1], keys).Error(), 1)
	}
	return text
}

// Silence marks the findings that the baseline has.
func (b *Baseline) Silence(findings []finding.Finding) {
	known := make(map[key]Entry)
	for _, e := range b.Findings {
		known[e.key()] = e
	}
	for i := range findings {
		if e, ok := known[keyOf(findings[i])]; ok && findings[i].Silenced == nil {
			findings[i].Silenced = &finding.Silenced{Reason: e.Reason}
		}
	}
}

// Stale returns the entries that no finding has any more, among those that looked says were looked for.
func (b *Baseline) Stale(findings []finding.Finding, looked func(Entry) bool) []Entry {
	var stale []Entry
	found := reported(findings)
	for _, e := range b.Findings {
		if _, ok := found[e.key()]; !ok && looked(e) {
			stale = append(stale, e)
		}
	}
	return stale
}

// Update returns the baseline of the findings. It keeps the entries that were not looked for, and the reasons.
func (b *Baseline) Update(findings []finding.Finding, looked func(Entry) bool) *Baseline {
	entries := make(map[key]Entry)
	for k, f := range reported(findings) {
		entries[k] = Entry{Rule: k.rule, Function: k.function, Fingerprint: k.fingerprint, Message: f.Diagnostic.Message}
	}
	for _, e := range b.Findings {
		if _, ok := entries[e.key()]; ok || !looked(e) {
			entries[e.key()] = e // as it was, so that the file changes only where the findings do
		}
	}
	updated := &Baseline{Version: version}
	for _, e := range entries {
		updated.Findings = append(updated.Findings, e)
	}
	slices.SortFunc(updated.Findings, func(a, b Entry) int {
		return cmp.Or(strings.Compare(a.Function, b.Function), strings.Compare(a.Rule, b.Rule), strings.Compare(a.Fingerprint, b.Fingerprint))
	})
	return updated
}

// Compare returns how many entries of updated are not in old, and how many of old are not in updated.
func Compare(old, updated *Baseline) (added, dropped int) {
	keys := make(map[key]bool)
	for _, e := range old.Findings {
		keys[e.key()] = true
	}
	for _, e := range updated.Findings {
		if keys[e.key()] {
			delete(keys, e.key())
		} else {
			added++
		}
	}
	return added, len(keys)
}

// reported returns the findings that no comment silences.
func reported(findings []finding.Finding) map[key]finding.Finding {
	found := make(map[key]finding.Finding)
	for _, f := range findings {
		if f.Silenced == nil || !f.Silenced.InSource {
			found[keyOf(f)] = f
		}
	}
	return found
}

// header is for those who open the file.
const header = `# Findings of poolvet that are older than its use here. 'poolvet baseline' writes this file and drops what is mended; a reason may be
# added to an entry and is kept. All other findings are reported.
`

// Write replaces the file. On an error the old one is still there.
func (b *Baseline) Write(file string) error {
	var buf bytes.Buffer
	buf.WriteString(header)
	encoder := yaml.NewEncoder(&buf)
	encoder.SetIndent(2)
	if err := encoder.Encode(b); err != nil {
		return err
	}
	return write.Replace(file, buf.Bytes())
}
