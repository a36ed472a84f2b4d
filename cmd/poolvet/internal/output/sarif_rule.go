package output

import (
	"go/doc/comment"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/tools/go/analysis"
)

// describeAll describes the rules in the order of their indexes.
func (s *sarifWriter) describeAll() []sarifRule {
	all := make([]sarifRule, len(s.rules))
	for i, rule := range s.rules {
		all[i] = describe(rule)
	}
	return all
}

// describe makes the description of a rule from its documentation, which is a Go comment: what it reports in a sentence, then
// in a section.
func describe(rule *analysis.Analyzer) sarifRule {
	doc := new(comment.Parser).Parse(rule.Doc)
	short, full := "", ""
	headings := 0
	for _, block := range doc.Content {
		switch block := block.(type) {
		case *comment.Heading:
			headings++
		case *comment.Paragraph:
			switch {
			case short == "":
				short = plainText(block)
			case full == "" && headings == 1:
				full = plainText(block)
			}
		}
	}
	short = sentence(strings.TrimPrefix(short, rule.Name+" "))
	if full == "" {
		full = short
	}
	printer := &comment.Printer{HeadingLevel: 2, HeadingID: func(*comment.Heading) string { return "" }}
	out := sarifRule{
		ID:               rule.Name,
		Name:             rule.Name,
		ShortDescription: sarifText{Text: short},
		FullDescription:  sarifText{Text: full},
		Help:             sarifText{Text: rule.Doc, Markdown: string(printer.Markdown(doc))},
		HelpURI:          rule.URL,
		Default:          sarifRuleDefault{Level: "error"}, // of what is proven; each result has its own
	}
	out.Properties.Tags = []string{"go", "database", "connection-pool"}
	return out
}

// plainText is a paragraph in one line.
func plainText(block comment.Block) string {
	printer := &comment.Printer{TextWidth: -1}
	return strings.TrimSpace(string(printer.Text(&comment.Doc{Content: []comment.Block{block}})))
}

// sentence gives a text an initial capital.
func sentence(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}
