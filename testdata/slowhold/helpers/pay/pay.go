// Package pay asks a payment provider.
package pay

import (
	"context"
	"fmt"
	"net/http"
	"strings"
)

// Client is the provider's client.
type Client struct {
	HTTP *http.Client
	URL  string
}

// Capture is a request.
func (c *Client) Capture(ctx context.Context, ref string) error {
	return c.post(ctx, "capture", ref)
}

func (c *Client) post(ctx context.Context, op, ref string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.URL+"/"+op, strings.NewReader(ref))
	if err != nil {
		return err
	}
	resp, err := c.HTTP.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", op, resp.Status)
	}
	return nil
}

// Reference only computes.
func (c *Client) Reference(id int64) string { return fmt.Sprintf("%s#%d", c.URL, id) }
