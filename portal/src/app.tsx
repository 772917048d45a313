/** Everything around the pages: language, appearance, what was asked of the city. */
import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { RouterProvider } from "react-router";
import { asProblem } from "~/api/problem";
import { theme, tokens } from "~/design/theme";
import { router } from "~/routes";
import { LanguageProvider } from "~/words/language";

const MOST_TRIES = 3;

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      networkMode: "always", // without a net the service worker answers, or the page says why not
      refetchOnReconnect: true,
      staleTime: 20_000,
      retry: (tries, error) => tries < MOST_TRIES && asProblem(error).passing,
    },
    mutations: { networkMode: "always" },
  },
});

export function App() {
  return (
    <StrictMode>
      <LanguageProvider>
        <MantineProvider theme={theme} cssVariablesResolver={tokens} defaultColorScheme="auto">
          <QueryClientProvider client={queries}>
            <RouterProvider router={router} />
          </QueryClientProvider>
        </MantineProvider>
      </LanguageProvider>
    </StrictMode>
  );
}
