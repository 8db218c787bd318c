package rest

import (
	"fmt"
	"net/http"
	"strconv"
)

// page returns the slice of n items that a request asks for by maxResults, startIndex or pageToken, and the token of
// the page after it.
func page(r request, n int) (from, to int, next string, err error) {
	q := r.URL.Query()
	start := q.Get("pageToken")
	if start == "" {
		start = q.Get("startIndex")
	}
	if from, err = count(start, 0); err != nil {
		return 0, 0, "", err
	}
	size, err := count(q.Get("maxResults"), n)
	if err != nil {
		return 0, 0, "", err
	}
	from = min(from, n)
	to = min(from+max(size, 1), n)
	if to < n {
		next = strconv.Itoa(to)
	}
	return from, to, next, nil
}

func count(s string, otherwise int) (int, error) {
	if s == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return 0, &apiError{http.StatusBadRequest, "invalid", fmt.Sprintf("Invalid page parameter %q", s)}
	}
	return n, nil
}
