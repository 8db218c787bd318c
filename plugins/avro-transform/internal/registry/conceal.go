package registry

import (
	"net/http"
	"strings"
)

// shortest is the length from which on a secret is looked for in a text: a shorter
// one would be found in every other word.
const shortest = 4

// concealed keeps what a request logs in with out of an answer that repeats it.
func concealed(req *http.Request, text string) string {
	_, credentials, _ := strings.Cut(req.Header.Get("Authorization"), " ")
	_, password, _ := req.BasicAuth()
	for _, secret := range []string{credentials, password} {
		if len(secret) >= shortest {
			text = strings.ReplaceAll(text, secret, "***")
		}
	}
	return text
}
