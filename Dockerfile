# One image: the controller (`perch controller`) and the load tester (`perch loadtester`).

FROM node:24-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY scripts ./scripts
COPY lib ./lib
RUN node scripts/bundle.mjs dist/perch.js

FROM node:24-bookworm-slim
# curl, hey and bash for the load tester's commands; tini reaps what a killed command leaves behind
RUN apt-get update \
 && apt-get install -y --no-install-recommends bash ca-certificates curl hey tini \
 && rm -rf /var/lib/apt/lists/*
COPY --from=build /src/dist/perch.js /app/perch.js
ENV NODE_ENV=production
# a number, so that runAsNonRoot can be checked
USER 10001:10001
# nothing is ever written: run it with a read-only root file system
WORKDIR /app
ENTRYPOINT ["tini", "--", "node", "/app/perch.js"]
CMD ["--help"]
LABEL org.opencontainers.image.title="perch" \
      org.opencontainers.image.description="Progressive delivery for Kubernetes: controller and load tester" \
      org.opencontainers.image.licenses="Apache-2.0"
